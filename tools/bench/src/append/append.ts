import { eventStoreMigrations } from '@loa/event-store';
import { Seals1700000004000 } from '@loa/seals';
import type { DatabaseAccess } from '@loa/database';
import type { LocalPostgres } from '@loa/local-postgres';
import type { Bench } from '../bench.js';
import { comparisonTable } from '../report.js';
import { contend, type Contest, type Contestant, type Stretch } from '../rounds.js';
import { freshBenchDatabase, postgresClock, withPostgres } from '../system/bench-database.js';
import { cpuOfAll, cpuOfEndedChildren, withCpu } from '../system/cpu.js';
import { inDatabase } from '../system/database.js';
import { postgresSettings } from '../system/environment.js';
import { Worker } from '../system/worker.js';
import type { AppendCall } from './append-worker.js';
import { startDriver } from './driver.js';
import { emmettAppends } from './emmett.js';
import { sizes } from './payload.js';
import { findPgbench, Pgbench, type PgbenchRun } from './pgbench.js';
import { readContest } from './read.js';
import { emptyTables, floorTable } from './statements.js';

/** As many processes as a service would have behind one database. */
const PROCESSES = 3;
/** Of each of them, against this many of one alone. */
const [CALLERS_OF_EACH, CALLERS_OF_ONE] = [11, 32];

/** Of appends by so many callers, against pgbench. */
const aims = [
  [1, 0.65],
  [8, 1],
  [CALLERS_OF_ONE, 1.3],
] as const;
/** Sessions and appends in a call, without Node: as the store sends them, and in two halves at once. */
const BOUNDS: Readonly<Record<number, readonly (readonly [clients: number, batch: number])[]>> = {
  1: [[1, 1]],
  8: [
    [1, 8],
    [2, 4],
  ],
};

export interface StoreBench extends Bench {
  readonly access: DatabaseAccess;
  /** In processes of their own, each with its connections to the database. */
  readonly workers: readonly [Worker, ...Worker[]];
  /** CPU time of the server so far. */
  readonly postgresCpu: () => Promise<number | undefined>;
}

/** What is measured while appends are written. */
interface WriteBench extends StoreBench {
  readonly pgbench: Pgbench;
  /** Sends what pgbench sends, through pg. */
  readonly driver: Worker;
}

const heading = {
  title: `Event store (${sizes})`,
  unit: 'events',
  cpuUnit: 'µs',
  notes: [
    'pgbench: the same rows into a table with the same indexes, one transaction an append, prepared; no order, no version check.',
    'INSERT through pg: that INSERT, prepared, sent by a Node process with as many connections as callers, no store: what Node and the driver cost.',
    'es.append, es.append_batch, sessions × appends: what the store calls, called by pgbench, no Node: what order, versions and the lane cost.',
    'rows of pg: the query of load, every value left as text, no event made of it: what the driver costs; data parsed: with JSON.parse of the data, as of ours.',
    'Each stretch of appends begins with empty tables. Latencies are of one append, one load or one batch.',
  ],
} as const;

/**
 * How fast the event store writes, and reads back, beside what PostgreSQL's own programs do with the same rows.
 * @throws ProgramMissing
 */
export async function appendPart(bench: Bench): Promise<void> {
  await findPgbench();
  bench.step('PostgreSQL with fsync on, three processes');
  await withPostgres(bench, async (postgres) => {
    const workers = await startWorkers(bench);
    const write = await writeBench({ ...bench, workers }, postgres);
    const settings = await inDatabase(write.access.owner, postgresSettings);
    bench.step('appends, each beside pgbench');
    const contests = aims.map((callersAndAim) => appendContest(write, callersAndAim));
    await warmUp(contests);
    const load = { callers: CALLERS_OF_ONE, seconds: secondsOf(bench) };
    const emmett = await emmettAppends(bench, postgres, load);
    if (emmett)
      contests.push([emmett, { ...emptied(write, ofStore(write, [write.workers[0]], load)), aim: 4 }]);
    const appends = await contend([...contests, laneContest(write)], bench.quick ? 2 : 5);

    // In a log of its own: what the others append would have to be sealed before each round.
    const sealing = await storeBench({ ...bench, workers }, postgres, 'bench_sealed');
    const sealed = await contend(
      [[ofStore(sealing, [workers[0]], load), ofSealedStore(sealing, load)]],
      bench.quick ? 2 : 5,
    );

    const read = await storeBench({ ...bench, workers }, postgres, 'bench_read');
    bench.step('reads: 1,000 streams of 100 events, interleaved');
    const reads = await contend([await readContest(read)], bench.quick ? 2 : 5);
    const measured = [...appends, ...sealed, ...reads];
    bench.tell({ name: 'append', table: comparisonTable(heading, measured), measured, settings });
    for (const worker of [...workers, write.driver]) await worker.end();
  });
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
  const access = await freshBenchDatabase(postgres, name, {
    migrations: [...eventStoreMigrations, Seals1700000004000],
  });
  for (const worker of bench.workers) await worker.call('open', access.runtime);
  return { ...bench, access, postgresCpu: await postgresClock(access.owner) };
}

/** With the table of the floor beside the store. */
async function writeBench(
  bench: Bench & Pick<StoreBench, 'workers'>,
  postgres: LocalPostgres,
): Promise<WriteBench> {
  const store = await storeBench(bench, postgres, 'bench_write');
  const { owner } = store.access;
  await inDatabase(owner, (client) => client.query(floorTable));
  const pgbench = await Pgbench.prepare(owner, bench.closing);
  return { ...store, pgbench, driver: await startDriver(bench, owner) };
}

/** So that each stretch begins with the same: empty tables. */
const emptied = ({ access }: WriteBench, contestant: Contestant): Contestant => ({
  ...contestant,
  run: async () => {
    await inDatabase(access.owner, (client) => client.query(emptyTables));
    return contestant.run();
  },
});

const secondsOf = ({ quick }: Bench): number => (quick ? 1 : 2);

const ofPgbench = (bench: WriteBench, name: string, run: PgbenchRun): Contestant =>
  emptied(bench, {
    name,
    run: () =>
      withCpu(() => bench.pgbench.run(run), { process: cpuOfEndedChildren, postgres: bench.postgresCpu }),
  });

function appendContest(bench: WriteBench, [callers, aim]: readonly [callers: number, aim: number]): Contest {
  const seconds = secondsOf(bench);
  const floor = ofPgbench(bench, `pgbench, ${callers}`, { clients: callers, seconds });
  const one = { ...emptied(bench, ofStore(bench, [bench.workers[0]], { callers, seconds })), aim };
  const bounds = BOUNDS[callers]?.map((sizes) => ofBatches(bench, sizes));
  if (bounds) return [floor, one, ofDriver(bench, { callers, seconds }), ...bounds];
  const several = emptied(bench, ofStore(bench, bench.workers, { callers: CALLERS_OF_EACH, seconds }));
  return [floor, one, { ...several, against: one, aim: 0.9 }];
}

/** @param call what each of the processes does */
function ofStore(bench: StoreBench, workers: readonly Worker[], call: AppendCall): Contestant {
  const processes = workers.length > 1 ? `${workers.length} processes × ` : '';
  return {
    name: `append, ${processes}${call.callers} callers`,
    run: () =>
      withCpu(() => together(workers, call), {
        process: cpuOfAll(workers.map(({ pid }) => pid)),
        postgres: bench.postgresCpu,
      }),
  };
}

function ofSealedStore(bench: StoreBench, call: AppendCall): Contestant {
  const [worker] = bench.workers;
  return {
    name: `append, ${call.callers} callers, sealed behind`,
    run: () =>
      withCpu(() => worker.call<Stretch>('appendSealed', call), {
        process: cpuOfAll([worker.pid]),
        postgres: bench.postgresCpu,
      }),
  };
}

/** The batches of several processes against those of one, without the processes. */
function laneContest(bench: WriteBench): Contest {
  const sizes = [
    [1, CALLERS_OF_ONE],
    [PROCESSES, CALLERS_OF_EACH],
  ] as const;
  const [one, several] = sizes.map((size) => ofBatches(bench, size));
  return [one!, several!];
}

function ofBatches(
  bench: WriteBench,
  [clients, batch]: readonly [clients: number, batch: number],
): Contestant {
  const called = batch === 1 ? 'es.append' : 'es.append_batch';
  return ofPgbench(bench, `${called}, ${clients} × ${batch}`, { clients, seconds: secondsOf(bench), batch });
}

const ofDriver = (bench: WriteBench, call: AppendCall): Contestant =>
  emptied(bench, {
    name: `INSERT through pg, ${call.callers}`,
    run: () =>
      withCpu(() => bench.driver.call<Stretch>('insert', call), {
        process: cpuOfAll([bench.driver.pid]),
        postgres: bench.postgresCpu,
      }),
  });

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
