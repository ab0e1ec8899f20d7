import type { Contest, Contestant, Stretch } from '../rounds.js';
import { cpuOfAll, withCpu } from '../system/cpu.js';
import { inDatabase } from '../system/database.js';
import type { StoreBench } from './append.js';
import type { LoadCall } from './append-worker.js';

const STREAMS = 1_000;
const LENGTH = 100;
const READERS = 8;

/** Reading back, one stream at a time. */
export async function readContest(bench: StoreBench): Promise<Contest> {
  const [worker] = bench.workers;
  const streams = await worker.call<string[]>('fill', { streams: STREAMS, length: LENGTH, perAppend: 10 });
  await inDatabase(bench.access.owner, (client) => client.query('VACUUM ANALYZE es.event'));
  const seconds = bench.quick ? 1 : 2;
  const load = (name: string, how: LoadCall['how']): Contestant => ({
    name,
    run: () =>
      withCpu(
        () => worker.call<Stretch>('load', { streams, readers: READERS, seconds, how } satisfies LoadCall),
        { process: cpuOfAll([worker.pid]), postgres: bench.postgresCpu },
      ),
  });
  return [
    load(`SELECT * parsed by pg, ${READERS}`, 'raw'),
    { ...load(`load ${LENGTH} events, ${READERS} readers`, 'store'), aim: 1.5 },
    load(`rows of pg, ${READERS} readers`, 'rows'),
    load(`rows of pg, data parsed, ${READERS} readers`, 'parsedRows'),
  ];
}
