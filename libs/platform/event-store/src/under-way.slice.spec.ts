import { openPool } from '@loa/database';
import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { Appender } from './appender.js';
import { openPostgresLog, type PostgresLog } from './testing/postgres-log.js';
import { wish } from './testing/wishes.js';

let log: PostgresLog;
let pool: pg.Pool;
let held: pg.PoolClient;
let appender: Appender;

beforeAll(async () => {
  log = await openPostgresLog();
});
afterAll(() => log.close());

beforeEach(async () => {
  // Its one connection is taken, so that what goes waits to be counted.
  pool = openPool({ connectionString: log.access.runtime, applicationName: 'under-way', max: 1 });
  pool.options.connectionTimeoutMillis = 60_000;
  held = await pool.connect();
  appender = new Appender(pool);
});
afterEach(() => pool.end());

/** How many calls are under way once everything that may go has gone. */
async function underWay(): Promise<number> {
  await new Promise(setImmediate);
  return pool.waitingCount;
}

it('beside a small batch a second one goes, and takes all that wait; there is no third', async () => {
  const answers = [appender.append(wish())];
  expect(await underWay()).toBe(1);
  answers.push(appender.append(wish()), appender.append(wish()));
  expect(await underWay()).toBe(2);
  answers.push(appender.append(wish()));
  expect(await underWay()).toBe(2);
  held.release();
  for (const answer of answers) expect(await answer).toMatchObject({ status: 'appended' });
});

it('a large batch is alone under way', async () => {
  const answers = Array.from({ length: 8 }, () => appender.append(wish()));
  expect(await underWay()).toBe(1);
  answers.push(appender.append(wish()));
  expect(await underWay()).toBe(1);
  held.release();
  for (const answer of answers) expect(await answer).toMatchObject({ status: 'appended' });
});

it('two appends of one stream are not, for the second would come first when the first is held up', async () => {
  const streamId = randomUUID();
  const first = appender.append(wish({ streamId }));
  expect(await underWay()).toBe(1);
  const second = appender.append(wish({ streamId, expected: 1 }));
  expect(await underWay()).toBe(1);
  const other = appender.append(wish());
  expect(await underWay()).toBe(2);
  held.release();
  expect(await first).toMatchObject({ status: 'appended', version: 1 });
  expect(await second).toMatchObject({ status: 'appended', version: 2 });
  expect(await other).toMatchObject({ status: 'appended' });
});

it('nor are two that ask for names, for the one that asked first gets it', async () => {
  const claims = [`number:${randomUUID()}`];
  const answers = [appender.append(wish({ claims }))];
  expect(await underWay()).toBe(1);
  answers.push(appender.append(wish({ claims })));
  expect(await underWay()).toBe(1);
  answers.push(appender.append(wish()));
  expect(await underWay()).toBe(2);
  held.release();
  expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([
    'appended',
    'claimed',
    'appended',
  ]);
});

it('one that asks for a name does not overtake one that waits for its stream', async () => {
  const claims = [`number:${randomUUID()}`];
  const streamId = randomUUID();
  const answers = [appender.append(wish({ streamId }))];
  expect(await underWay()).toBe(1);
  answers.push(appender.append(wish({ streamId, expected: 1, claims })), appender.append(wish({ claims })));
  expect(await underWay()).toBe(1);
  held.release();
  expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([
    'appended',
    'appended',
    'claimed',
  ]);
});

it('everything is settled when nothing waits and nothing is under way', async () => {
  const answered: string[] = [];
  const streamId = randomUUID();
  for (const expected of [0, 1, 2])
    void appender.append(wish({ streamId, expected })).then(({ status }) => answered.push(status));
  held.release();
  await appender.settled();
  expect(answered).toEqual(['appended', 'appended', 'appended']);
});
