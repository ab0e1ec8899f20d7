import { eventStoreMigrations } from '@loa/event-store';
import { readSchema } from '@loa/gateway';
import type { Bench } from '../bench.js';
import { comparisonTable } from '../report.js';
import { contend, type Comparison, type Contestant, type Stretch } from '../rounds.js';
import { freshBenchDatabase, postgresClock, withPostgres } from '../system/bench-database.js';
import { cpuOf, withCpu } from '../system/cpu.js';
import { inDatabase } from '../system/database.js';
import { postgresSettings } from '../system/environment.js';
import { Worker } from '../system/worker.js';
import { FACTS_PER_ACTIVITY } from './activities.js';
import type { OpenCall } from './projection-worker.js';

const headingOf = (events: number, rows: number, measured: readonly Comparison[]) =>
  ({
    title: `Events into the read tables of the gateway (${events} events come to ${rows} rows, histories included)`,
    unit: 'events',
    cpuUnit: 'µs',
    notes: [
      'COPY … FROM STDIN: the very rows they come to, into the same empty tables with all their indexes, one transaction.',
      'apply: Projector.handle with events from memory. rebuild: all of it: new tables, the log read, indexes, checks, swap.',
      ...measured.flatMap(boundOf),
    ],
  }) as const;

/**
 * What the ratio could be at most by CPU: COPY writes a row once, in its last state; whoever follows events writes it
 * at each of them, with its indexes, and closes the state before.
 */
function boundOf({ name, ours, floor }: Comparison): string[] {
  if (!ours.cpu || !floor.cpu) return [];
  const least = floor.cpu.process + floor.cpu.postgres;
  const ratio = (cost: number) => `×${(least / cost).toFixed(2)}`;
  return [
    `${name}: ${ratio(ours.cpu.process + ours.cpu.postgres)} by CPU; ${ratio(ours.cpu.postgres)} if the program itself ` +
      'cost nothing, for each event writes its row and closes the state before, and COPY writes the last one only.',
  ];
}

const AIM = 0.25;

/** How fast facts become rows and their history. */
export const projectionPart = (bench: Bench): Promise<void> =>
  withPostgres(bench, async (postgres) => {
    const activities = bench.quick ? 4_000 : 10_000;
    bench.step(`a log of ${activities} activities, and the read tables of the gateway`);
    const log = await freshBenchDatabase(postgres, 'bench_log', { migrations: eventStoreMigrations });
    const read = await freshBenchDatabase(postgres, 'bench_rows', readSchema);
    const worker = await bench.closing.hold(
      () => Worker.start('projection-worker', import.meta.url),
      (one) => one.end(),
    );
    const rows = await worker.call<number>('open', {
      ...read,
      log: log.runtime,
      activities,
    } satisfies OpenCall);
    const clocks = { process: () => cpuOf(worker.pid), postgres: await postgresClock(read.owner) };
    const contestant = (name: string, method: string, argument: object = {}): Contestant => ({
      name,
      run: () => withCpu(() => worker.call<Stretch>(method, argument), clocks),
    });
    const contest = [
      contestant('COPY of the rows', 'copy'),
      { ...contestant('apply, batches of 1000', 'apply', { batch: 1_000 }), aim: AIM },
      { ...contestant('apply, batches of 5000', 'apply', { batch: 5_000 }), aim: AIM },
      { ...contestant('rebuild', 'rebuild'), aim: AIM },
    ] as const;
    bench.step('rows from events, each beside COPY');
    for (const one of contest) await one.run();
    const measured = await contend([contest], bench.quick ? 1 : 3);
    const settings = await inDatabase(read.owner, postgresSettings);
    const heading = headingOf(activities * FACTS_PER_ACTIVITY, rows, measured);
    bench.tell({ name: 'projection', table: comparisonTable(heading, measured), measured, settings });
    await worker.end();
  });
