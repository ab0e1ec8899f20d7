import type { CommandAnswer, CommandContract } from '@loa/event-sourcing';
import { setTimeout as timer } from 'node:timers/promises';
import { DependencyUnavailable } from './command-sender.js';

export interface Insistence {
  /** How often to try again after the first time. */
  readonly retries?: number;
  /** Told of every try that gave no answer, so that operators see what clients are only told in words. */
  readonly onNoAnswer?: (error: Error, of: { readonly command: string; readonly tries: number }) => void;
  /** Waits that many milliseconds; for tests. */
  readonly pause?: (ms: number) => Promise<unknown>;
  /** From 0 up to 1; for tests. */
  readonly random?: () => number;
}

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2_000;

/** Thrown by a try that gave no answer. */
export class NoAnswer extends Error {
  /** Whether another try soon may do better. */
  readonly passing: boolean;

  constructor(message: string, { passing, ...options }: ErrorOptions & { passing: boolean }) {
    super(message, options);
    this.passing = passing;
  }
}

/**
 * Tries to have a command answered. What may pass is tried again with full jitter; the idempotency key makes that safe,
 * whatever became of the try before.
 * @param once one try; throws NoAnswer when it gave none
 * @throws DependencyUnavailable when no try gave an answer; at once, whatever else a try throws
 */
export async function insist(
  { context, name }: CommandContract,
  once: () => Promise<CommandAnswer>,
  { retries = 3, onNoAnswer, pause = timer, random = Math.random }: Insistence,
): Promise<CommandAnswer> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await once();
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      onNoAnswer?.(error, { command: name, tries: tries + 1 });
      if (!error.passing || tries >= retries)
        throw new DependencyUnavailable(context, name, { cause: error });
    }
    await pause(random() * Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** tries));
  }
}
