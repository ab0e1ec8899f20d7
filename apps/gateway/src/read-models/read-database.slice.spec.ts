import { openPool } from '@loa/database';
import { freshDatabase } from '@loa/testing';
import { GraphQLError } from 'graphql';
import type pg from 'pg';
import { readSchema } from '../read-side.js';
import { agencyTable } from './planning/agency/agency.table.js';
import { openQuestions, ReadDatabase } from './read-database.table.js';

let pool: pg.Pool;
let questions: pg.Pool;
let url: string;
const address = () => ({ connectionString: url, applicationName: 'read-database.spec', max: 1 });
beforeAll(async () => {
  url = (await freshDatabase('read_database', readSchema)).runtime;
  pool = openPool(address());
  questions = openQuestions(address());
});
beforeEach(async () => {
  await pool.query('DELETE FROM read.agency; DELETE FROM read.agency_history');
  await pool.query(
    `INSERT INTO read.agency_history
     SELECT gen_random_uuid(), name, 'state', 'province', NULL, NULL, '', '', 1, at, at, at, until
       FROM (VALUES ('Sở Nội vụ', '2022-01-01'::timestamptz, '2022-02-01'::timestamptz),
                    ('Sở Nội vụ tỉnh', '2022-02-01', 'infinity')) x (name, at, until)`,
  );
  await pool.query(
    `INSERT INTO read.agency SELECT id, name, kind, level, NULL, NULL, '', '', 1, registered_at, recorded_at
       FROM read.agency_history WHERE recorded_to = 'infinity'`,
  );
});
afterAll(() => Promise.all([pool.end(), questions.end()]));

const tables = [agencyTable];
const names = `WITH n AS (SELECT name FROM agency WHERE name LIKE $1) SELECT json_agg(name) FROM n`;

it('answers one JSON value, now and as of an instant, from the same SQL', async () => {
  const database = new ReadDatabase(questions);
  expect(await database.one(names, ['Sở%'], { tables })).toEqual(['Sở Nội vụ tỉnh']);
  expect(await database.one(names, ['Sở%'], { tables, asOf: '2022-01-15T00:00:00Z' })).toEqual(['Sở Nội vụ']);
  expect(await database.one(names, ['Sở%'], { tables, asOf: '2022-02-01T00:00:00Z' })).toEqual([
    'Sở Nội vụ tỉnh',
  ]);
  expect(await database.one(names, ['Sở%'], { tables, asOf: '2021-12-31T00:00:00Z' })).toBeNull();
});

it('is null when no row answers', async () =>
  expect(
    await new ReadDatabase(questions).one('SELECT to_json(name) FROM agency WHERE name = $1', ['?'], {
      tables,
    }),
  ).toBeNull());

it('knows no table that the question did not name', async () => {
  const plans = new ReadDatabase(questions).one('SELECT json_agg(id) FROM plan', [], { tables });
  await expect(plans).rejects.toThrow('relation "plan" does not exist');
});

it('cannot write', async () => {
  const database = new ReadDatabase(questions);
  const write = `WITH gone AS (DELETE FROM read.agency RETURNING 1) SELECT json_agg(1) FROM gone`;
  await expect(database.one(write, [], { tables })).rejects.toThrow('read-only transaction');
});

it('stops a question that takes too long, and says so in both languages; the next one is answered', async () => {
  const impatient = openQuestions({ ...address(), statementTimeoutMs: 50 });
  const database = new ReadDatabase(impatient);
  const slow = database.one('SELECT to_json(1) FROM pg_sleep(30)', [], { tables });
  await expect(slow).rejects.toThrow(GraphQLError);
  await expect(slow).rejects.toMatchObject({
    extensions: {
      code: 'TIMEOUT',
      retryable: true,
      messages: {
        vi: expect.stringContaining('quá nhiều thời gian'),
        en: expect.stringContaining('too long'),
      },
    },
  });
  expect(await database.one('SELECT to_json(1)', [], { tables })).toBe(1);
  await impatient.end();
});

it.each([
  ['statement_timeout', '4s'],
  ['TimeZone', 'UTC'],
  ['jit', 'off'],
  ['default_transaction_read_only', 'on'],
])('asks in sessions with %s = %s', async (setting, value) => {
  expect(
    await new ReadDatabase(questions).one('SELECT to_json(current_setting($1))', [setting], { tables }),
  ).toBe(value);
});

it('says so when the database does not answer', async () => {
  const away = new URL(url);
  away.port = '1';
  const nowhere = openQuestions({ ...address(), connectionString: away.toString() });
  await expect(new ReadDatabase(nowhere).one('SELECT to_json(1)', [], { tables })).rejects.toMatchObject({
    message: expect.stringContaining('does not answer'),
    extensions: { code: 'DEPENDENCY_UNAVAILABLE', retryable: true },
  });
  await nowhere.end();
});

it('lets no more questions wait than it may, tells the others at once to come again, and answers those that waited', async () => {
  const most = 3;
  const busy = openQuestions(address());
  // As long as this test likes: it is about how many, not about how long.
  busy.options.connectionTimeoutMillis = 60_000;
  const database = new ReadDatabase(busy, most);
  const ask = () => database.one<number>('SELECT to_json(1)', [], { tables });
  const held = await busy.connect();
  const waiting = Array.from({ length: most }, ask);
  try {
    // Nothing else can be answered while the only connection is held.
    for (const refused of await Promise.allSettled(Array.from({ length: 2 * most }, ask)))
      expect(refused).toMatchObject({
        status: 'rejected',
        reason: {
          extensions: {
            code: 'DEPENDENCY_UNAVAILABLE',
            retryable: true,
            messages: {
              vi: expect.stringContaining('quá nhiều câu hỏi'),
              en: expect.stringContaining('Too many questions'),
            },
          },
        },
      });
    expect(busy.waitingCount).toBe(most);
  } finally {
    held.release();
  }
  expect(await Promise.all(waiting)).toEqual(waiting.map(() => 1));
  expect(await ask()).toBe(1);
  await busy.end();
});

it('recovers when its session is cut', async () => {
  const database = new ReadDatabase(questions);
  const [row] = (await questions.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')).rows;
  const killer = openPool({ connectionString: url, applicationName: 'killer', max: 1 });
  await killer.query('SELECT pg_terminate_backend($1)', [row!.pid]);
  await killer.end();
  const ask = () => database.one('SELECT to_json(1)', [], { tables });
  // The first question may still get the session that is gone.
  expect(await ask().catch(ask)).toBe(1);
});
