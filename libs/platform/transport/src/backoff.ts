import { setTimeout as timer } from 'node:timers/promises';

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 5_000;

/**
 * How long to wait after so many failures in a row, in ms: doubling, with jitter, so that readers that failed together
 * do not come back together.
 */
export function backoff(failures: number, longest = LONGEST_PAUSE_MS): number {
  return Math.min(longest, FIRST_PAUSE_MS * 2 ** failures) * (0.5 + Math.random() / 2);
}

/** Waits, but not longer than until the signal; never throws. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await timer(ms, undefined, { signal }).catch(() => undefined);
}

/** Waits for something that may hang; true when it was done in time. A failure of it counts as done. */
export async function within(ms: number, work: Promise<unknown>): Promise<boolean> {
  const late = new AbortController();
  const done = work.then(
    () => true,
    () => true,
  );
  const inTime = await Promise.race([done, timer(ms, false, { signal: late.signal }).catch(() => false)]);
  late.abort();
  return inTime;
}
