import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { UnknownVersion } from '@loa/event-sourcing';
import type { Logger } from 'pino';
import { problemBody, problems } from './refusal-http.js';

interface Reply {
  status(code: number): { send(body: unknown): unknown };
}

const known: Readonly<Record<number, (typeof problems)[keyof typeof problems]>> = {
  400: problems.malformed,
  413: problems.tooLarge,
  415: problems.malformed,
};

/** Whatever goes wrong leaves as a stable code with words that say what to do; the cause goes to the log only. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly log: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    // GraphQL has an answer of its own for what its resolvers throw.
    if (host.getType<string>() !== 'http') throw error;
    const reply = host.switchToHttp().getResponse<Reply>();
    if (error instanceof HttpException) {
      const body = error.getResponse();
      const own = typeof body === 'object' && ('code' in body || 'ready' in body);
      const status = error.getStatus();
      const instead = known[status];
      reply.status(status).send(own || !instead ? body : problemBody(instead));
      return;
    }
    const instead = problemOf(error);
    if (instead.http >= 500) this.log.error({ err: error }, 'a request failed');
    reply.status(instead.http).send(problemBody(instead));
  }
}

function problemOf(error: unknown): (typeof problems)[keyof typeof problems] {
  if (error instanceof UnknownVersion) return problems.newerRelease;
  const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500;
  return known[status] ?? problems.internal;
}
