import { MIGRATION_LOCK } from '@loa/database';
import pg from 'pg';
import { setTimeout as pause } from 'node:timers/promises';
import { GenerationRefusal, type ReadSide } from './generation.js';

/** The connections of one piece of work on a read side, and that nobody else works on it meanwhile. */
export interface Sessions {
  /** Holds the lock: what must not happen without it, happens here. Statements may take as long as they need. */
  readonly holder: pg.PoolClient;
  /** For everything else. */
  readonly pool: pg.Pool;
  /**
   * For rows that are being made: commits are not flushed one by one. Rows and checkpoint are lost together or not at
   * all, and the flushed commit of a swap keeps everything before it.
   */
  readonly loading: pg.Pool;
}

function open({ owner }: ReadSide, max: number, options?: string): pg.Pool {
  const pool = new pg.Pool({
    connectionString: owner,
    application_name: 'loa-generations',
    max,
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
    idle_in_transaction_session_timeout: 60_000,
    ...(options !== undefined && { options }),
  });
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

const who = `SELECT pid, application_name AS name, backend_start AS since FROM pg_locks JOIN pg_stat_activity USING (pid)
  WHERE locktype = 'advisory' AND granted AND objsubid = 1 AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND ((classid::bigint << 32) | objid::bigint) = hashtextextended($1, 0)`;

async function takeLock(holder: pg.PoolClient, schema: string): Promise<void> {
  const key = `generations of ${schema}`;
  const { rows } = await holder.query<{ taken: boolean }>(
    'SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS taken',
    [key],
  );
  if (rows[0]!.taken) return;
  const other = (await holder.query<{ pid: number; since: Date }>(who, [key])).rows[0];
  throw new GenerationRefusal(
    `a rebuild, a swap or a drift check of ${schema} is under way` +
      (other ? ` since ${other.since.toISOString()} (database session ${other.pid})` : '') +
      ': wait for its end. When its process was killed, its session ends by itself',
  );
}

/**
 * Works on the generations of a read side, alone: the lock ends with the session, also when the process is killed.
 * @throws GenerationRefusal when somebody else is at it
 */
export async function alone<T>(side: ReadSide, work: (sessions: Sessions) => Promise<T>): Promise<T> {
  const pool = open(side, 4);
  const loading = open(side, Object.keys(side.logs).length + 1, '-c synchronous_commit=off');
  try {
    const holder = await pool.connect();
    try {
      await takeLock(holder, side.schema);
      return await work({ holder, pool, loading });
    } finally {
      // Said, because the server may take a moment to see that a session has ended; one that is lost needs no word.
      await holder.query('SELECT pg_advisory_unlock_all()').catch(() => undefined);
      holder.release(true);
    }
  } finally {
    await Promise.all([pool.end(), loading.end()]);
  }
}

/** Until the end of the work no migration runs: tables that were compared stay as they were. One that runs is waited for. */
export async function holdOffMigrations({ holder }: Sessions): Promise<void> {
  await holder.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
}

/** One transaction in the session that holds the lock. */
export async function onHolder<T>(
  { holder }: Pick<Sessions, 'holder'>,
  begin: string,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  try {
    await holder.query(begin);
    const result = await work(holder);
    await holder.query('COMMIT');
    return result;
  } catch (error) {
    // A session that is lost has undone everything already; the error that tells of it is the first one.
    await holder.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

/** What it took to stop the live reader. */
export interface Halt<T> {
  readonly result: T;
  /** How long the reader could not begin a batch. Whoever only reads rows never waits. */
  readonly heldMs: number;
  readonly attempts: number;
}

const LOCK_TIMEOUT_MS = 1_000;
const ATTEMPTS = 30;
const LOCK_NOT_AVAILABLE = '55P03';

/**
 * Stops the live reader between two batches while one transaction does its work. It waits for the batch under way, but
 * not for long: after a second it gives way, so that it never is the one that everybody waits for, and comes again.
 * @throws GenerationRefusal when the checkpoint was never free
 */
export async function whileReaderHalts<T>(
  sessions: Pick<Sessions, 'holder'>,
  schema: string,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<Halt<T>> {
  for (let attempts = 1; ; attempts += 1) {
    let since = 0;
    try {
      const result = await onHolder(
        sessions,
        `BEGIN; SET LOCAL lock_timeout = ${LOCK_TIMEOUT_MS}`,
        async (client) => {
          // Stands against `SELECT … FOR UPDATE`, with which every batch begins, and not against plain reads.
          await client.query(`LOCK TABLE ${schema}.checkpoint IN EXCLUSIVE MODE`);
          since = performance.now();
          return work(client);
        },
      );
      return { result, heldMs: performance.now() - since, attempts };
    } catch (error) {
      if ((error as { code?: unknown } | null)?.code !== LOCK_NOT_AVAILABLE) throw error;
      if (attempts >= ATTEMPTS) {
        throw new GenerationRefusal(
          `the checkpoint of ${schema} was held by others through ${ATTEMPTS} tries of ${LOCK_TIMEOUT_MS} ms: look for a ` +
            'long transaction in pg_stat_activity. Nothing was changed',
        );
      }
      await pause(50 + Math.random() * 100);
    }
  }
}
