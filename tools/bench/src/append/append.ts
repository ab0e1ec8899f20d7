import { eventStoreMigrations } from '@loa/event-store';
import { migrate, provision, type DatabaseAccess } from '@loa/database';
import { LocalPostgres } from '@loa/local-postgres';
import { randomBytes } from 'node:crypto';
import type { Bench } from '../bench.js';
import { comparisonTable } from '../report.js';
import { contend, type Contest, type Contestant, type Stretch } from '../rounds.js';
import { cpuOfAll, cpuOfEndedChildren, cpuOfFamily, parentOf, withCpu } from '../system/cpu.js';
import { inDatabase } from '../system/database.js';
import { postgresSettings } from '../system/environment.js';
import { Worker } from '../system/worker.js';
import type { AppendCall } from './append-worker.js';
import { EVENTS_PER_APPEND, sizes } from './payload.js';
import { findProgram, floorTable, Pgbench } from './pgbench.js';
import { readContests } from './read.js';

/** As many processes as a service would have behind one database. */
const PROCESSES = 3;

export interface StoreBench extends Bench {
  readonly access: DatabaseAccess;
  /** In processes of their own, each with its connections to the database. */
  readonly workers: readonly [Worker, ...Worker[]];
  /** CPU time of the server so far. */
  readonly postgresCpu: () => Promise<number | undefined>;
}

const heading = {
  title: `Event store (${sizes})`,
  unit: 'events',
  cpuUnit: 'µs',
  notes: [
    'pgbench: the same rows into a table with the same indexes, one transaction an append, prepared; no order, no version check.',
    'Latencies are of one append or one load. psql COPY: the same 100,000 rows as text to nowhere.',
  ],
} as const;

/**
 * How fast the event store writes, and reads back, beside what PostgreSQL's own programs do with the same rows.
 * @throws ProgramMissing
 */
export async function appendPart(bench: Bench): Promise<void> {
  for (const program of ['pgbench', 'psql'] as const) await findProgram(program);
  bench.step('PostgreSQL with fsync on, three processes');
  const postgres = await bench.closing.hold(
    () => LocalPostgres.start(),
    (server) => server.close(),
  );
  const workers = await startWorkers(bench);
  const write = await storeBench({ ...bench, workers }, postgres, 'bench_write');
  const pgbench = await Pgbench.prepare(write.access.owner, bench.closing);
  await inDatabase(write.access.owner, (client) => client.query(floorTable));
  const settings = await inDatabase(write.access.owner, postgresSettings);
  bench.step('appends, each beside pgbench');
  const contests = [1, 8, 32].map((callers) => appendContest(write, pgbench, callers));
  await warmUp(contests);
  const appends = await contend(contests, bench.quick ? 2 : 5);

  const read = await storeBench({ ...bench, workers }, postgres, 'bench_read');
  bench.step('reads: 1,000 streams of 100 events, interleaved');
  const reads = await contend(await readContests(read), bench.quick ? 2 : 5);
  const measured = [...appends, ...reads];
  bench.tell({ name: 'append', table: comparisonTable(heading, measured), measured, settings });
  for (const worker of workers) await worker.end();
  await postgres.close();
}

async function startWorkers({ closing }: Bench): Promise<StoreBench['workers']> {
  const start = () =>
    closing.hold(
      () => Worker.start('append-worker', import.meta.url),
      (worker) => worker.end(),
    );
  return [await start(), ...(await Promise.all(Array.from({ length: PROCESSES - 1 }, start)))];
}

/** A database with an empty event store, which the workers have open. */
async function storeBench(
  bench: Bench & Pick<StoreBench, 'workers'>,
  postgres: LocalPostgres,
  name: string,
): Promise<StoreBench> {
  const password = randomBytes(12).toString('hex');
  const access = await provision(postgres.adminUrl, name, { owner: password, runtime: password });
  await migrate(access.owner, { migrations: eventStoreMigrations });
  const postmaster = await inDatabase(access.owner, async (client) => {
    const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    return parentOf(rows[0]!.pid);
  });
  for (const worker of bench.workers) await worker.call('open', access.runtime);
  return { ...bench, access, postgresCpu: async () => postmaster && cpuOfFamily(postmaster) };
}

function appendContest(bench: StoreBench, pgbench: Pgbench, callers: number): Contest {
  const seconds = bench.quick ? 1 : 2;
  const postgres = bench.postgresCpu;
  const floor: Contestant = {
    name: `pgbench, ${callers}`,
    run: () =>
      withCpu(
        async () => {
          const { perSecond, latencies } = await pgbench.run({ clients: callers, seconds });
          return { count: perSecond * seconds * EVENTS_PER_APPEND, seconds, latencies };
        },
        { process: cpuOfEndedChildren, postgres },
      ),
  };
  const ours = (name: string, workers: readonly Worker[], each: number): Contestant => ({
    name,
    run: () =>
      withCpu(() => together(workers, { callers: each, seconds }), {
        process: cpuOfAll(workers.map(({ pid }) => pid)),
        postgres,
      }),
  });
  const [first] = bench.workers;
  const one = ours(`append, ${callers} callers`, [first], callers);
  if (callers < 32) return [floor, one];
  const several = ours(`append, ${PROCESSES} processes × 11 callers`, bench.workers, 11);
  return [floor, one, { ...several, against: one }];
}

async function together(workers: readonly Worker[], call: AppendCall): Promise<Stretch> {
  const stretches = await Promise.all(workers.map((worker) => worker.call<Stretch>('append', call)));
  return {
    count: stretches.reduce((total, { count }) => total + count, 0),
    seconds: call.seconds,
    latencies: stretches.flatMap(({ latencies }) => latencies),
  };
}

/** Files grow, caches fill, code is compiled: that happens once and belongs to nobody. */
async function warmUp(contests: readonly Contest[]): Promise<void> {
  for (const contestant of contests.at(-1)!) await contestant.run();
}
