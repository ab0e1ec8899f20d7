import type pg from 'pg';
import { isTransient, openPool } from './pool.js';

describe('a session of the pool', () => {
  let pool: pg.Pool;

  beforeAll(() => {
    const connectionString = process.env['LOA_TEST_POSTGRES'];
    if (!connectionString) throw new Error('LOA_TEST_POSTGRES is not set: run the tests through "npm test"');
    pool = openPool({ connectionString, applicationName: 'loa-pool-spec', max: 2 });
  });
  afterAll(() => pool.end());

  it.each([
    ['statement_timeout', '30s'],
    ['idle_in_transaction_session_timeout', '10s'],
    ['application_name', 'loa-pool-spec'],
    ['TimeZone', 'UTC'],
    ['DateStyle', 'ISO, MDY'],
  ])('has %s = %s', async (setting, value) => {
    const { rows } = await pool.query<{ value: string }>('SELECT current_setting($1) AS value', [setting]);
    expect(rows).toEqual([{ value }]);
  });

  it('has limits on this side too, for a server that says nothing: on connecting and on a query', () =>
    expect(pool.options).toMatchObject({ connectionTimeoutMillis: 5_000, query_timeout: 30_000, max: 2 }));

  it('is cut off by the server when a query takes longer than its limit, and may try again', async () => {
    const session = await pool.connect();
    try {
      // The same limit, shorter: nobody waits half a minute here.
      await session.query(`SET statement_timeout = 100`);
      const error: unknown = await session.query('SELECT pg_sleep(60)').catch((one: unknown) => one);
      expect(error).toMatchObject({ code: '57014' });
      expect(isTransient(error)).toBe(true);
    } finally {
      session.release(true);
    }
  });

  it('is cut off when it holds a transaction and does nothing, and the process lives on', async () => {
    const session = await pool.connect();
    try {
      await session.query(`BEGIN; SET LOCAL idle_in_transaction_session_timeout = 50`);
      await new Promise((resolve) => session.once('end', resolve));
      const error: unknown = await session.query('SELECT 1').catch((one: unknown) => one);
      expect(error).toBeInstanceOf(Error);
    } finally {
      session.release(true);
    }
    expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  });

  it('gives bigint as text, which loses nothing', async () => {
    const { rows } = await pool.query(
      `SELECT 9007199254740993::bigint AS big, count(*) AS counted FROM (VALUES (1)) t`,
    );
    expect(rows).toEqual([{ big: '9007199254740993', counted: '1' }]);
  });
});

it('gives up on a server that takes the connection and says nothing', async () => {
  const { createServer } = await import('node:net');
  const silent = createServer(() => undefined);
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const { port } = silent.address() as { port: number };
  const connectionString = `postgres://nobody:nothing@127.0.0.1:${port}/nothing`;
  const pool = openPool({ connectionString, applicationName: 'loa-pool-spec' });
  try {
    const error: unknown = await pool.query('SELECT 1').catch((one: unknown) => one);
    expect(isTransient(error)).toBe(true);
  } finally {
    await pool.end();
    silent.close();
  }
}, 10_000);
