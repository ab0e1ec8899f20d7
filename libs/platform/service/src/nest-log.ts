import type { LoggerService } from '@nestjs/common';
import type { Logger } from 'pino';

/** Nest's own messages, into the log of the process. */
export class NestLog implements LoggerService {
  constructor(private readonly to: Logger) {}

  log(message: unknown): void {
    this.to.debug(String(message));
  }

  error(message: unknown, trace?: unknown): void {
    this.to.error({ trace }, String(message));
  }

  warn(message: unknown): void {
    this.to.warn(String(message));
  }

  debug(message: unknown): void {
    this.to.trace(String(message));
  }
}
