import { eventStoreMigrations } from '@loa/event-store';
import type { Bench } from '../bench.js';
import { comparisonTable } from '../report.js';
import { contend, type Contestant, type Stretch } from '../rounds.js';
import { freshBenchDatabase, postgresClock, withPostgres } from '../system/bench-database.js';
import { cpuOf, withCpu } from '../system/cpu.js';
import { inDatabase } from '../system/database.js';
import { postgresSettings } from '../system/environment.js';
import { Worker } from '../system/worker.js';
import type { OpenCall, ReadCall, RowsCall } from './catch-up-worker.js';

/** As the relay and the log transport read, and as a rebuild does. */
const PAGES = [1_000, 5_000];

const heading = {
  title: 'Catch-up: the whole log from its beginning',
  unit: 'events',
  cpuUnit: 'µs',
  notes: [
    'COPY … TO STDOUT of the same rows in the same order, through pg and pg-copy-streams in the same process, thrown away.',
    'rows of pg: a SELECT of these columns, every value left as text, nothing made of them: what the driver alone costs.',
    'forwarded: EventStore.read, data and meta stay text, as for Kafka. parsed: JSON.parse of both, as for projections.',
  ],
} as const;

/** How fast a reader that begins at zero gets the log. */
export const catchUpPart = (bench: Bench): Promise<void> =>
  withPostgres(bench, async (postgres) => {
    const events = bench.quick ? 20_000 : 100_000;
    bench.step(`a log of ${events} events`);
    const access = await freshBenchDatabase(postgres, 'bench_catch_up', { migrations: eventStoreMigrations });
    const worker = await bench.closing.hold(
      () => Worker.start('catch-up-worker', import.meta.url),
      (one) => one.end(),
    );
    await worker.call('open', { connectionString: access.owner, events } satisfies OpenCall);
    await inDatabase(access.owner, (client) => client.query('VACUUM ANALYZE es.event'));
    const clocks = { process: () => cpuOf(worker.pid), postgres: await postgresClock(access.owner) };
    const contestant = (name: string, method: string, argument: object = {}): Contestant => ({
      name,
      run: () => withCpu(() => worker.call<Stretch>(method, argument), clocks),
    });
    const reading = (name: string, call: ReadCall) =>
      contestant(`${name}, pages of ${call.page}`, 'read', call);
    const contest = [
      contestant('COPY', 'copy'),
      ...PAGES.map((page) => contestant(`rows of pg, pages of ${page}`, 'rows', { page } satisfies RowsCall)),
      ...PAGES.map((page) => ({ ...reading('forwarded', { page, parsed: false }), aim: 0.7 })),
      ...PAGES.map((page) => ({ ...reading('parsed', { page, parsed: true }), aim: 0.3 })),
    ] as const;
    bench.step('reading it, each beside COPY');
    for (const one of contest) await one.run();
    const measured = await contend([contest], bench.quick ? 2 : 5);
    const settings = await inDatabase(access.owner, postgresSettings);
    bench.tell({ name: 'catch-up', table: comparisonTable(heading, measured), measured, settings });
    await worker.end();
  });
