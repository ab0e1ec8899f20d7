import type { Contest, Contestant, Stretch } from '../rounds.js';
import { cpuOfAll, cpuOfEndedChildren, withCpu } from '../system/cpu.js';
import type { StoreBench } from './append.js';
import type { CatchUpCall, LoadCall } from './append-worker.js';
import { findProgram, runProgram } from './pgbench.js';

const STREAMS = 1_000;
const LENGTH = 100;
const READERS = 8;
const PAGE = 1_000;

/** Reading back: one stream at a time, and the whole log. @throws ProgramMissing */
export async function readContests(bench: StoreBench): Promise<Contest[]> {
  const [worker] = bench.workers;
  const psql = await findProgram('psql');
  const streams = await worker.call<string[]>('fill', { streams: STREAMS, length: LENGTH, perAppend: 10 });
  await runProgram(psql, ['-Xqc', 'VACUUM ANALYZE es.event', bench.access.owner], { closing: bench.closing });
  const seconds = bench.quick ? 1 : 2;
  const ofWorker = { process: cpuOfAll([worker.pid]), postgres: bench.postgresCpu };
  const load = (name: string, how: LoadCall['how']): Contestant => ({
    name,
    run: () =>
      withCpu(
        () => worker.call<Stretch>('load', { streams, readers: READERS, seconds, how } satisfies LoadCall),
        ofWorker,
      ),
  });
  const catchUp: Contestant = {
    name: `catch-up, pages of ${PAGE}`,
    run: () => withCpu(() => worker.call<Stretch>('catchUp', { page: PAGE } satisfies CatchUpCall), ofWorker),
  };
  return [
    [
      load(`SELECT * parsed by pg, ${READERS}`, 'raw'),
      load(`load ${LENGTH} events, ${READERS} readers`, 'store'),
    ],
    [copy(bench, psql), catchUp],
  ];
}

/** psql says itself how long the statement took, so that its own start does not count. */
function copy(bench: StoreBench, psql: string): Contestant {
  const statement = `COPY (SELECT position, stream_id, version, event_id, type, schema_version, data, meta, recorded_at
    FROM es.event ORDER BY position) TO STDOUT`;
  const args = ['-X', '-q', '-o', '/dev/null', '-c', '\\timing on', '-c', statement, bench.access.owner];
  const run = async (): Promise<Stretch> => {
    const output = await runProgram(psql, args, { closing: bench.closing });
    const ms = /Time: ([\d.]+) ms/.exec(output)?.[1];
    if (ms === undefined) throw new Error(`psql said:\n${output}`);
    return { count: STREAMS * LENGTH, seconds: Number(ms) / 1_000, latencies: [] };
  };
  const clocks = { process: cpuOfEndedChildren, postgres: bench.postgresCpu };
  return { name: 'psql COPY', run: () => withCpu(run, clocks) };
}
