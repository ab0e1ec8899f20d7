import { migrate, provision, type DatabaseAccess, type Schema } from '@loa/database';
import { LocalPostgres } from '@loa/local-postgres';
import { randomBytes } from 'node:crypto';
import type { Bench } from '../bench.js';
import { cpuOfFamily, parentOf } from './cpu.js';
import { inDatabase } from './database.js';

/** A PostgreSQL of its own while the work lasts, with its defaults: fsync is on. */
export async function withPostgres(
  { closing }: Bench,
  work: (postgres: LocalPostgres) => Promise<void>,
): Promise<void> {
  const postgres = await closing.hold(
    () => LocalPostgres.start(),
    (server) => server.close(),
  );
  await work(postgres);
  await postgres.close();
}

/** A new database with the tables of a schema. */
export async function freshBenchDatabase(
  postgres: LocalPostgres,
  name: string,
  schema: Schema,
): Promise<DatabaseAccess> {
  const password = randomBytes(12).toString('hex');
  const access = await provision(postgres.adminUrl, name, { owner: password, runtime: password });
  await migrate(access.owner, schema);
  return access;
}

/** Reads the CPU time of the server so far. */
export async function postgresClock(url: string): Promise<() => Promise<number | undefined>> {
  const postmaster = await inDatabase(url, async (client) => {
    const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    return parentOf(rows[0]!.pid);
  });
  return async () => postmaster && cpuOfFamily(postmaster);
}
