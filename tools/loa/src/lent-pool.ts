import { openPool } from '@loa/database/pool';
import type pg from 'pg';
import type { DatabasePlace } from './installation.js';

/** A few sessions of a database, as the role that serves; to be ended. */
export const fewSessions = ({ runtime }: Pick<DatabasePlace, 'runtime'>): pg.Pool =>
  openPool({ connectionString: runtime, applicationName: 'loa-cli', max: 2 });

/** Lends a few sessions of a database for some work. */
export async function withPool<T>(
  place: Pick<DatabasePlace, 'runtime'>,
  work: (pool: pg.Pool) => Promise<T>,
): Promise<T> {
  const pool = fewSessions(place);
  try {
    return await work(pool);
  } finally {
    await pool.end();
  }
}
