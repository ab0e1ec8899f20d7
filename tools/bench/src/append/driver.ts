import type { Bench } from '../bench.js';
import { Worker } from '../system/worker.js';
import type { AppendCall } from './append-worker.js';

/** Once, so that its code is compiled before it counts. */
const WARM_UP: AppendCall = { callers: 8, seconds: 1 };

/**
 * A process that sends the INSERT of the floor through pg, without a store.
 * @param url of the database where the floor has its table
 */
export async function startDriver({ closing }: Bench, url: string): Promise<Worker> {
  const worker = await closing.hold(
    () => Worker.start('driver-worker', import.meta.url),
    (one) => one.end(),
  );
  await worker.call('open', url);
  await worker.call('insert', WARM_UP);
  return worker;
}
