import { backoff, pause, type EventTransport, type Subscription } from '@loa/transport';
import type { Projector } from './projector.js';

const EVERY_MS = 500;

/**
 * Lets a projector read until it is closed. Beside it, also while a batch fails again and again, what operators have
 * asked for is carried out, and how fresh the rows are is written down.
 */
export async function runProjector(
  transport: EventTransport,
  projector: Projector,
  onError: (error: unknown) => void,
): Promise<Subscription> {
  const subscription = await transport.subscribe(projector);
  const stop = new AbortController();
  const attending = attend(projector, stop.signal, onError);
  return {
    healthy: () => subscription.healthy(),
    behind: () => subscription.behind(),
    close: async () => {
      stop.abort();
      await Promise.all([subscription.close(), attending]);
    },
  };
}

const settled = async <T>(work: Promise<T>): Promise<PromiseSettledResult<T>> =>
  (await Promise.allSettled([work]))[0]!;

async function attend(
  projector: Projector,
  stop: AbortSignal,
  onError: (error: unknown) => void,
): Promise<void> {
  let failures = 0;
  while (!stop.aborted) {
    const until = performance.now() + EVERY_MS;
    const goesOn = () => !stop.aborted && performance.now() < until;
    // Each by itself: a request that fails must not make rows look old.
    const [carriedOut, written] = [
      await settled(projector.parkedWork.carryOut(goesOn)),
      await settled(projector.caughtUpTimes.write()),
    ];
    const failed = [carriedOut, written].filter((one) => one.status === 'rejected');
    for (const { reason } of failed) onError(reason);
    failures = failed.length > 0 ? failures + 1 : 0;
    if (carriedOut.status === 'fulfilled' && carriedOut.value && failures === 0) continue;
    await pause(failures === 0 ? EVERY_MS : EVERY_MS + backoff(failures), stop);
  }
}
