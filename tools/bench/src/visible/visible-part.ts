import type { Bench } from '../bench.js';
import { kafkaVersion } from '../system/distributed.js';
import type { Systems } from '../systems.js';
import { inDatabase } from '../system/database.js';
import { delays, visibleTable, type Seen } from './visible.js';

const READ = 'loa_read';

/** Both ways to run, one after the other. */
export async function visiblePart(bench: Bench, systems: Systems): Promise<void> {
  const measure = (seen: Omit<Seen, 'readDatabase'>, admin: string, settings: Record<string, string>) =>
    inDatabase(admin, async (readDatabase) => {
      const measured = await delays(bench, { ...seen, readDatabase });
      bench.tell({
        name: `visible, ${seen.mode}`,
        table: visibleTable(seen.mode, measured),
        measured,
        settings,
      });
    });
  const standalone = await systems.standalone();
  await measure({ mode: 'standalone', url: standalone.url }, await standalone.adminUrl(READ), {
    transport: 'log',
  });
  const { url, postgres } = await systems.distributed();
  const admin = new URL(postgres.adminUrl);
  admin.pathname = READ;
  await measure({ mode: 'distributed', url }, admin.href, { transport: `Kafka ${await kafkaVersion()}` });
}
