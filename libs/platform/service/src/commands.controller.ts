import { Body, Controller, Headers, HttpException, Inject, Param, Post, Res } from '@nestjs/common';
import { isTransient } from '@loa/database';
import type { CommandAnswer } from '@loa/event-sourcing';
import { StoreBusy } from '@loa/event-store';
import { z } from 'zod';
import { CommandDispatcher } from './command-bus.module.js';
import { UnknownCommand } from './command-door.js';
import { httpStatus, problemBody, problems } from './refusal-http.js';

const Request = z.strictObject({
  input: z.unknown(),
  expectedVersion: z.int().min(0).optional(),
  occurredAt: z.string().optional(),
});
const IdempotencyKey = z.string().min(1).max(200);

interface Reply {
  status(code: number): unknown;
  header(name: string, value: string): unknown;
}

/** The door of the context over HTTP: `POST /commands/<Name>`, body `{ input, expectedVersion?, occurredAt? }`. */
@Controller('commands')
export class CommandsController {
  constructor(@Inject(CommandDispatcher) private readonly dispatcher: CommandDispatcher) {}

  @Post(':name')
  async post(
    @Param('name') name: string,
    @Headers('idempotency-key') key: string | undefined,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<CommandAnswer> {
    const request = Request.safeParse(body);
    const idempotencyKey = IdempotencyKey.safeParse(key);
    if (!request.success || !idempotencyKey.success) throw problem(problems.malformed);
    const { input, expectedVersion, occurredAt } = request.data;
    try {
      const answer = await this.dispatcher.dispatch(name, {
        input,
        idempotencyKey: idempotencyKey.data,
        ...(expectedVersion !== undefined && { expectedVersion }),
        ...(occurredAt !== undefined && { occurredAt }),
      });
      reply.status(httpStatus(answer));
      return answer;
    } catch (error) {
      if (error instanceof UnknownCommand) throw problem(problems.unknownCommand);
      if (!(error instanceof StoreBusy) && !isTransient(error)) throw error;
      reply.header('retry-after', '1');
      throw problem(problems.tryAgain);
    }
  }
}

const problem = (of: (typeof problems)[keyof typeof problems]) => new HttpException(problemBody(of), of.http);
