import type { Bench } from '../bench.js';
import { kafkaVersion } from '../system/distributed.js';
import type { Systems } from '../systems.js';
import { delays, visibleTable, type Delay } from './visible.js';

/** Both ways to run, one after the other. */
export async function visiblePart(bench: Bench, systems: Systems): Promise<void> {
  const measure = async (mode: Delay['mode'], url: string, settings: Record<string, string>) => {
    const measured = await delays(bench, mode, url);
    bench.tell({ name: `visible, ${mode}`, table: visibleTable(mode, measured), measured, settings });
  };
  await measure('standalone', (await systems.standalone()).url, { transport: 'log' });
  const { url } = await systems.distributed();
  await measure('distributed', url, { transport: `Kafka ${await kafkaVersion()}` });
}
