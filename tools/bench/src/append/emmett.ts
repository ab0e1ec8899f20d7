import type { LocalPostgres } from '@loa/local-postgres';
import type { Bench } from '../bench.js';
import type { Contestant, Stretch } from '../rounds.js';
import { freshBenchDatabase, postgresClock } from '../system/bench-database.js';
import { cpuOfAll, withCpu } from '../system/cpu.js';
import { Worker } from '../system/worker.js';

/** The event store for PostgreSQL that most TypeScript projects know. It is compared with, and part of nothing. */
export const EMMETT = '@event-driven-io/emmett-postgresql';
/** The folder where somebody has installed it. Its package states no licence, so this project does not install it. */
const FOLDER = 'LOA_BENCH_EMMETT';

/** Appends of that library by so many callers in a process of its own; nothing where it was not installed. */
export async function emmettAppends(
  bench: Bench,
  postgres: LocalPostgres,
  { callers, seconds }: { callers: number; seconds: number },
): Promise<Contestant | undefined> {
  const folder = process.env[FOLDER];
  if (folder === undefined) return undefined;
  const { owner } = await freshBenchDatabase(postgres, 'bench_emmett', { migrations: [] });
  const worker = await bench.closing.hold(
    () => Worker.start('emmett-worker', import.meta.url),
    (one) => one.end(),
  );
  await worker.call('open', { folder, url: owner });
  const clock = await postgresClock(owner);
  const append = (): Promise<Stretch> => worker.call<Stretch>('append', { callers, seconds });
  // It makes its tables with the first append.
  await append();
  return {
    name: `${EMMETT}, ${callers} callers`,
    run: () => withCpu(append, { process: cpuOfAll([worker.pid]), postgres: clock }),
  };
}
