import { setTimeout as pause } from 'node:timers/promises';

export interface Patience {
  /** In milliseconds; 10 s when left out. */
  readonly within?: number;
  /** Errors that waiting cannot mend: they are thrown at once. */
  readonly unless?: (error: unknown) => boolean;
}

/**
 * Waits until `check` no longer throws, and returns what it returned; asks every 20 ms.
 * @throws the last error of `check` when the time is over
 */
export async function eventually<T>(
  check: () => T | Promise<T>,
  { within = 10_000, unless = () => false }: Patience = {},
): Promise<T> {
  const deadline = Date.now() + within;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (unless(error) || Date.now() >= deadline) throw error;
      await pause(20);
    }
  }
}
