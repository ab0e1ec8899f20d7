import { openPool } from '@loa/database';

export interface IdleTransaction {
  /** @throws when it was not open all the time */
  end(): Promise<void>;
}

/**
 * A transaction in which nothing happens any more: it has a number (xid), a snapshot, and a table that nobody else sees.
 * Whoever waits for all transactions before its own to end waits for this one.
 * @param connectionString to a database in which its role may make tables
 */
export async function openIdleTransaction(connectionString: string): Promise<IdleTransaction> {
  const pool = openPool({ connectionString, applicationName: 'idle', max: 1 });
  const session = await pool.connect();
  const numberOf = async () => {
    const { rows } = await session.query<{ number: string | null }>(
      'SELECT pg_current_xact_id_if_assigned()::text AS number',
    );
    return rows[0]!.number;
  };
  await session.query('SET idle_in_transaction_session_timeout = 0');
  await session.query('BEGIN ISOLATION LEVEL REPEATABLE READ; CREATE TABLE elsewhere AS SELECT 1 AS one');
  const begun = await numberOf();
  return {
    end: async () => {
      try {
        const ended = await numberOf();
        if (ended !== begun) throw new Error(`transaction ${begun} was not idle: ${ended} is there now`);
      } finally {
        session.release(true);
        await pool.end();
      }
    },
  };
}
