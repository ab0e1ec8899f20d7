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

async function attend(
  projector: Projector,
  stop: AbortSignal,
  onError: (error: unknown) => void,
): Promise<void> {
  let failures = 0;
  while (!stop.aborted) {
    try {
      const until = performance.now() + EVERY_MS;
      const more = await projector.parkedWork.carryOut(() => !stop.aborted && performance.now() < until);
      await projector.caughtUpTimes.write();
      failures = 0;
      if (more) continue;
    } catch (error) {
      onError(error);
      failures += 1;
    }
    await pause(failures === 0 ? EVERY_MS : EVERY_MS + backoff(failures), stop);
  }
}
