import pg from 'pg';

/** How to reach one database; `connectionString` in the form postgres://role:password@host:port/database. */
export interface DatabaseAddress {
  readonly connectionString: string;
  /** Shown in pg_stat_activity. */
  readonly applicationName: string;
  readonly max?: number;
  /** How long a statement may take; 30 s when left out. */
  readonly statementTimeoutMs?: number;
  /** What holds in every session, e.g. `{ jit: 'off' }`; values without spaces. */
  readonly settings?: Readonly<Record<string, string>>;
}

/**
 * A pool that never waits for ever: pg has no time limit of its own on connecting or on a query, and a session that
 * stops while it holds the lane row would stop every writer.
 * Its sessions write instants in ISO form and UTC, whatever the server or the role has been set to.
 * bigint columns arrive as strings; whoever reads a position turns it into a number itself (see {@link toPosition}).
 */
export function openPool({
  connectionString,
  applicationName,
  max = 8,
  statementTimeoutMs = 30_000,
  settings = {},
}: DatabaseAddress): pg.Pool {
  const pool = new pg.Pool({
    connectionString,
    application_name: applicationName,
    max,
    connectionTimeoutMillis: 5_000,
    query_timeout: 30_000,
    statement_timeout: statementTimeoutMs,
    options: Object.entries({ TimeZone: 'UTC', DateStyle: 'ISO', ...settings })
      .map(([name, value]) => `-c ${name}=${value}`)
      .join(' '),
    idle_in_transaction_session_timeout: 10_000,
    keepAlive: true,
  });
  // Without a listener the loss of an idle connection (a database restart) would end the process.
  pool.on('error', () => undefined);
  // The same for one that is checked out: its query fails, and that is where it is dealt with.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

/** Positions stay far below 2^53; a value beyond it would be silently rounded, so it is an error. */
export function toPosition(value: string | number): number {
  const position = Number(value);
  if (!Number.isSafeInteger(position)) throw new RangeError(`position ${value} is not a safe integer`);
  return position;
}

const transientStates = new Set([
  '40001', // serialization failure
  '40P01', // deadlock
  '57P01', // admin shutdown
  '57P02', // crash shutdown
  '57P03', // cannot connect now
  '53100', // disk full: nothing was stored, and it works again when there is room
  '53200', // out of memory
  '53300', // too many connections
  '55P03', // lock not available
  '57014', // query cancelled by a time limit
  '25P03', // idle in transaction
]);
const transientCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

/** pg says these in words only. */
const transientWords =
  /Connection terminated|connection timeout|timeout exceeded|timeout expired|Query read timeout|Client has encountered a connection error/i;

/** True when the same call may well work a moment later: the database is restarting, a connection was cut, a lock was busy. */
export function isTransient(error: unknown): boolean {
  if (error === null || typeof error !== 'object') return false;
  const { code, syscall, message, errors } = error as Readonly<Record<string, unknown>>;
  if (
    typeof code === 'string' &&
    (transientStates.has(code) || transientCodes.has(code) || code.startsWith('08'))
  ) {
    return true;
  }
  // A Unix socket is a file: where TCP refuses, it is not there, or has no room for one more who waits.
  if (syscall === 'connect' && (code === 'ENOENT' || code === 'EAGAIN')) return true;
  // Several addresses of one host that all failed.
  if (Array.isArray(errors) && errors.some(isTransient)) return true;
  return typeof message === 'string' && transientWords.test(message);
}
