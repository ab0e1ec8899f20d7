import { openPool } from '@loa/database';
import { clock } from '../world/journal.js';

/** The quickest answer says most. */
const TRIES = 10;

/**
 * By how many ms the clock of a database is ahead of the {@link clock} of the journals: at most so many, and less by no
 * more than the quickest answer took.
 */
export async function databaseAhead(connectionString: string): Promise<number> {
  const pool = openPool({ connectionString, applicationName: 'faults', max: 1 });
  try {
    let ahead = Infinity;
    for (let tries = 0; tries < TRIES; tries += 1) {
      const asked = clock();
      const { rows } = await pool.query<{ ms: number }>(
        'SELECT extract(epoch FROM clock_timestamp())::float8 * 1000 AS ms',
      );
      ahead = Math.min(ahead, rows[0]!.ms - asked);
    }
    return ahead;
  } finally {
    await pool.end();
  }
}
