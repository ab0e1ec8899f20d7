import type { StandaloneProcess } from '@loa/outside';
import type { Bench } from '../bench.js';
import { build, kafkaVersion, startDistributed } from './distributed.js';
import { delays, visibleTable, type Delay } from './visible.js';

/**
 * Both ways to run, one after the other.
 * @param discard ends the standalone system: the other one needs the machine for itself
 */
export async function visiblePart(
  bench: Bench,
  standalone: StandaloneProcess,
  discard: () => Promise<void>,
): Promise<void> {
  const tell = (mode: Delay['mode'], measured: readonly Delay[], settings: Record<string, string>) =>
    bench.tell({ name: `visible, ${mode}`, table: visibleTable(mode, measured), measured, settings });
  tell('standalone', await delays(bench, 'standalone', standalone.url), { transport: 'log' });
  await discard();
  bench.step('npx tsc -b: the distributed system runs what was built');
  await build(bench);
  const system = await startDistributed(bench);
  const measured = await delays(bench, 'distributed', system.url);
  tell('distributed', measured, { transport: `Kafka ${await kafkaVersion()}` });
  await system.stop();
}
