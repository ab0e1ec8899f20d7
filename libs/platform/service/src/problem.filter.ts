import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { NewerRelease } from '@loa/event-sourcing';
import type { Logger } from 'pino';
import { problemBody, problems } from './refusal-http.js';

interface Reply {
  status(code: number): { send(body: unknown): unknown };
}

type Known = (typeof problems)[keyof typeof problems];

const known: Readonly<Record<number, Known>> = {
  400: problems.unreadable,
  404: problems.notFound,
  413: problems.tooLarge,
  415: problems.unreadable,
};

/** Whatever goes wrong leaves as a stable code with words that say what to do; the cause goes to the log only. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly log: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    // GraphQL has an answer of its own for what its resolvers throw.
    if (host.getType<string>() !== 'http') throw error;
    const reply = host.switchToHttp().getResponse<Reply>();
    const own = error instanceof HttpException ? error.getResponse() : undefined;
    if (error instanceof HttpException && typeof own === 'object' && ('code' in own || 'ready' in own)) {
      reply.status(error.getStatus()).send(own);
      return;
    }
    const { http, problem } = problemOf(error);
    if (http >= 500) this.log.error({ err: error }, 'a request failed');
    reply.status(http).send(problemBody(problem));
  }
}

function problemOf(error: unknown): { readonly http: number; readonly problem: Known } {
  if (error instanceof NewerRelease)
    return { http: problems.newerRelease.http, problem: problems.newerRelease };
  const http = statusOf(error);
  return { http, problem: known[http] ?? (http < 500 ? problems.requestRefused : problems.internal) };
}

/** What Nest or Fastify would answer with; 500 for anything that is not theirs. */
function statusOf(error: unknown): number {
  if (error instanceof HttpException) return error.getStatus();
  const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500;
  return status >= 400 && status <= 599 ? status : 500;
}
