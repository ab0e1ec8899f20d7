import { setTimeout as pause } from 'node:timers/promises';

/**
 * Calls so many times a second, whether or not earlier calls are done: a slow answer does not thin out the load.
 * Each is told when it was due, by `performance.now()`: time counted from there holds also what kept it from being made.
 * Resolves when all calls are done. @throws what the first failing call throws
 */
export async function steadily(
  perSecond: number,
  seconds: number,
  call: (index: number, due: number) => Promise<void>,
): Promise<void> {
  const begin = performance.now();
  const calls: Promise<void>[] = [];
  for (let index = 0; index < perSecond * seconds; index += 1) {
    const due = begin + (index * 1_000) / perSecond;
    const wait = due - performance.now();
    if (wait > 1) await pause(wait);
    calls.push(call(index, due));
    // A call that fails early must not count as unhandled while later ones are still to be made.
    calls.at(-1)!.catch(() => undefined);
  }
  await Promise.all(calls);
}
