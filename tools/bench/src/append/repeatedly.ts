import type { Stretch } from '../rounds.js';

/** Not counted: connections are opened and statements prepared. */
const WARM_UP_MS = 200;

/**
 * Calls again and again, some at once, until the time is over; what ended within the warm-up does not count.
 * @param events of each call
 */
export async function repeatedly(
  atOnce: number,
  seconds: number,
  events: number,
  call: () => Promise<void>,
): Promise<Stretch> {
  const begin = performance.now() + WARM_UP_MS;
  const end = begin + seconds * 1_000;
  const latencies: number[] = [];
  const again = async () => {
    for (let from = performance.now(); from < end;) {
      await call();
      const to = performance.now();
      if (to > begin && to <= end) latencies.push(to - from);
      from = to;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, again));
  return { count: latencies.length * events, seconds, latencies };
}
