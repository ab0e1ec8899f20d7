import { openPool } from '@loa/database';
import type pg from 'pg';
import { asText, instantOf } from './stored-event.js';

let pool: pg.Pool;

beforeAll(() => {
  const connectionString = process.env['LOA_TEST_POSTGRES'];
  if (!connectionString) throw new Error('LOA_TEST_POSTGRES is not set: run the tests through "npm test"');
  pool = openPool({ connectionString, applicationName: 'loa-instant-spec', max: 1 });
});
afterAll(() => pool.end());

/** An instant, and what to_char makes of it: the form that the log has always been read in. */
async function both(instant: string): Promise<[text: string, expected: string]> {
  const { rows } = await pool.query<[string, string]>({
    text: `SELECT $1::timestamptz, to_char($1::timestamptz AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`,
    values: [instant],
    rowMode: 'array',
    types: asText,
  });
  return rows[0]!;
}

describe('an instant of the log is what to_char makes of it', () => {
  it.each([
    '2022-06-01T06:00:00Z',
    '2022-06-01T06:00:00.1Z',
    '2022-06-01T06:00:00.120Z',
    '2022-06-01T06:00:00.123Z',
    '2022-06-01T06:00:00.003Z',
    '2022-06-01T06:00:00.1234Z',
    '2022-06-01T06:00:00.12345Z',
    '2022-06-01T06:00:00.123456Z',
    '2022-06-01T06:00:00.000999Z',
    '2022-12-31T23:59:59.999999Z',
    '2022-12-31T23:59:59.9995Z',
    '2022-06-01T00:30:00.5+07:00',
    '2024-02-29T23:59:59.01-11:30',
    '1969-12-31T23:59:59.9999Z',
    '0001-01-01T00:00:00.001Z',
    '9999-12-31T23:59:59.999Z',
  ])('%s', async (instant) => {
    const [text, expected] = await both(instant);
    expect(instantOf(text)).toBe(expected);
  });
});

describe('one that a session writes in another way is refused, not misread', () => {
  it.each([
    ['another time zone', `SET TimeZone = 'Asia/Ho_Chi_Minh'`],
    ['half an hour beside UTC', `SET TimeZone = 'Asia/Kolkata'`],
    ['another form', `SET DateStyle = 'German'`],
    ['the form of SQL', `SET DateStyle = 'SQL'`],
    ['words', `SET DateStyle = 'Postgres'`],
  ])('%s', async (_, setting) => {
    await pool.query(setting);
    try {
      const [text] = await both('2022-06-01T06:00:00.12Z');
      expect(() => instantOf(text)).toThrow('TimeZone=UTC');
    } finally {
      await pool.query('RESET TimeZone; RESET DateStyle');
    }
  });

  it.each(['infinity', '-infinity', '10000-01-01T00:00:00Z', '0044-03-15T00:00:00Z BC'])(
    '%s',
    async (instant) => {
      const [text] = await both(instant);
      expect(() => instantOf(text)).toThrow(RangeError);
    },
  );
});
