import { openPool } from '@loa/database';
import { EventStore } from '@loa/event-store';
import type pg from 'pg';
import type { ContextPlace, DatabasePlace } from './installation.js';

const applicationName = 'loa-cli';

/** Lends the log of a context for some work. */
export async function withLog<T>(place: ContextPlace, work: (store: EventStore) => Promise<T>): Promise<T> {
  const store = new EventStore(openPool({ connectionString: place.runtime, applicationName, max: 2 }));
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

/** Lends a few sessions of a database for some work. */
export async function withPool<T>(
  { runtime }: Pick<DatabasePlace, 'runtime'>,
  work: (pool: pg.Pool) => Promise<T>,
): Promise<T> {
  const pool = openPool({ connectionString: runtime, applicationName, max: 2 });
  try {
    return await work(pool);
  } finally {
    await pool.end();
  }
}
