import { services } from '@loa/distributed';
import type { Bench } from '../bench.js';
import { kafkaVersion } from '../system/distributed.js';
import type { Systems } from '../systems.js';
import { soak, soakTable, type Soaked } from './soak.js';

/** Both ways to run; the distributed one first, since the part before may have left it running. */
export async function soakPart(bench: Bench, systems: Systems): Promise<void> {
  const tell = (measured: readonly Soaked[], settings: Record<string, string>) =>
    bench.tell({ name: `soak, ${measured[0]?.mode}`, table: soakTable(measured), measured, settings });
  const distributed = await systems.distributed();
  const urls = Object.fromEntries(services.map((name) => [name, distributed.service(name).url]));
  tell(await soak(bench, 'distributed', distributed.url, urls), {
    transport: `Kafka ${await kafkaVersion()}`,
  });
  const { url } = await systems.standalone();
  tell(await soak(bench, 'standalone', url, { standalone: url }), { transport: 'log' });
}
