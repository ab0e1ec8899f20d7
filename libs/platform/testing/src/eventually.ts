import { setTimeout as pause } from 'node:timers/promises';

/**
 * Waits until `check` no longer throws, and returns what it returned; asks every 20 ms.
 * @throws the last error of `check` when `within` milliseconds have passed
 */
export async function eventually<T>(check: () => T | Promise<T>, { within = 10_000 } = {}): Promise<T> {
  const deadline = Date.now() + within;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() >= deadline) throw error;
      await pause(20);
    }
  }
}
