import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { openPool } from '@loa/database';
import { eventually, violationsOf } from '@loa/testing';
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { Appender, StoreBusy } from '../appender.js';
import { PAGE_CHARACTERS } from '../event-page.js';
import type { EventStore } from '../event-store.js';
import { HistoryRecorder } from './history-recorder.js';
import type { PostgresLog } from './postgres-log.js';
import { eventOfSize } from './page-suite.js';
import { event, wish } from './wishes.js';

const SEPARATOR = '\u001e';
type Call = { expected: number; data: string };
type Parts = () => { store: EventStore; owner: pg.Client };

/** What only a log in a database can do wrong. */
export function postgresSuite(open: () => Promise<PostgresLog>): void {
  let log: PostgresLog;
  let owner: pg.Client;
  beforeAll(async () => {
    log = await open();
    owner = new pg.Client(log.access.owner);
    await owner.connect();
  });
  afterAll(async () => {
    await owner.end();
    await log.close();
  });
  const parts = () => ({ store: log.logs[0]!, owner });
  describe('is append-only', () => appendOnlyTests(parts));
  describe('checks its caller', () => callerTests(parts));
  describe('keeps within bounds', () => boundTests(parts));
  describe('shows a position only when all before it can be seen', () => visibilityTests(open));
  it('recovers by itself when every session is ended under load', () => recovers(open));
}

function appendOnlyTests(parts: Parts): void {
  it.each([
    'UPDATE es.event SET type = $$x$$',
    'DELETE FROM es.event',
    'TRUNCATE es.event',
    'INSERT INTO es.event SELECT * FROM es.event LIMIT 1',
    'UPDATE es.lane SET head = 0',
    'DELETE FROM es.claim',
    'ALTER TABLE es.event DISABLE TRIGGER ALL',
    'DROP TRIGGER append_only ON es.event',
    'SET session_replication_role = replica',
    'CREATE OR REPLACE FUNCTION es.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN NEW; END$$',
  ])('the serving role may not: %s', async (sql) => {
    await parts().store.append(wish());
    await expect(parts().store.pool.query(sql)).rejects.toMatchObject({ code: '42501' });
  });

  it.each(['UPDATE es.event SET type = $$x$$', 'DELETE FROM es.event', 'TRUNCATE es.event'])(
    'not even the owner may: %s',
    async (sql) => {
      await parts().store.append(wish());
      await expect(parts().owner.query(sql)).rejects.toThrow('append-only');
    },
  );
}

/** A batch as the appender would send it, only that it is wrong. */
const callOf =
  (parts: Parts) =>
  (streams: string[], of: number[], nth: number[], ids: string[], change: Partial<Call> = {}) => {
    const { expected, data } = { expected: 0, data: ids.map(() => '{}').join(SEPARATOR), ...change };
    return parts().store.pool.query('SELECT * FROM es.append_batch($1,$2,$3,$4,$5,$6,$7,$8,$9)', [
      streams,
      streams.map(() => expected),
      of,
      nth,
      ids,
      ids.map(() => 'x').join(SEPARATOR),
      ids.map(() => 1),
      data,
      ids.map(() => '{}').join(SEPARATOR),
    ]);
  };

function callerTests(parts: Parts): void {
  const call = callOf(parts);
  const id = randomUUID;
  const stream = id();

  it.each<[string, string[], number[], number[], string[], Partial<Call>?]>([
    ['fewer events than it says', [stream], [1, 1], [1, 2], [id()], {}],
    ['more events than it says', [stream], [1], [1], [id(), id()], {}],
    ['nothing at all', [], [], [], [], {}],
    ['an append of nothing', [stream, id()], [1], [1], [id()], {}],
    ['an append of nothing before another', [stream, id()], [2], [1], [id()], {}],
    ['a version left out', [stream], [1, 1], [1, 3], [id(), id()], {}],
    ['a first version left out', [stream], [1], [2], [id()], {}],
    ['appends that are mixed up', [stream, id()], [2, 1], [1, 1], [id(), id()], {}],
    ['two payloads for one event', [stream], [1], [1], [id()], { data: `{}${SEPARATOR}{}` }],
    ['no payload', [stream], [1], [1], [id()], { data: '' }],
    ['an expectation that there is none of', [stream], [1], [1], [id()], { expected: -3 }],
  ])('refuses a batch with %s, and gives the numbers back', async (_, streams, of, nth, ids, change) => {
    const head = await parts().store.head();
    await expect(call(streams, of, nth, ids, change)).rejects.toMatchObject({ code: '22023' });
    expect(await parts().store.head()).toBe(head);
  });

  it('refuses a batch with a stream twice', async () => {
    const head = await parts().store.head();
    await expect(call([stream, stream], [1, 2], [1, 1], [id(), id()])).rejects.toMatchObject({
      code: '23505',
    });
    expect(await parts().store.head()).toBe(head);
  });

  it('refuses a payload that would look like two, and keeps the rest of its batch', async () => {
    const [good, bad] = await Promise.allSettled([
      parts().store.append(wish()),
      parts().store.append(wish({ events: [event(`{}${SEPARATOR}{}`), event('{}')] })),
    ]);
    expect([good.status, bad.status]).toEqual(['fulfilled', 'rejected']);
  });
}

function boundTests(parts: Parts): void {
  it('a full queue says busy instead of growing', async () => {
    const small = new Appender(parts().store.pool, undefined, { maxQueue: 5 });
    const results = await Promise.allSettled(Array.from({ length: 8 }, () => small.append(wish())));
    const busy = results.filter((one) => one.status === 'rejected' && one.reason instanceof StoreBusy);
    expect(busy).toHaveLength(3);
    await small.settled();
  });

  it('payloads that wait are bounded by their length too; one that is longer alone is taken', async () => {
    const small = new Appender(parts().store.pool, undefined, { maxQueueBytes: 1_000 });
    const long = (length: number) =>
      small.append(wish({ events: [event(JSON.stringify('x'.repeat(length)))] }));
    const kinds = async (...lengths: number[]) =>
      (await Promise.allSettled(lengths.map((length) => long(length)))).map((one) =>
        one.status === 'rejected' && one.reason instanceof StoreBusy ? 'busy' : 'taken',
      );
    expect(await kinds(400, 400, 400, 100)).toEqual(['taken', 'taken', 'busy', 'taken']);
    // What was answered is not counted any more.
    expect(await kinds(400, 400, 400, 100)).toEqual(['taken', 'taken', 'busy', 'taken']);
    expect(await kinds(5_000, 1)).toEqual(['taken', 'busy']);
    await small.settled();
  });

  it('a pool without a free connection makes few calls and a full queue wait, and the rest is told busy', () =>
    exhausts(parts));

  it('the driver keeps no more of large events than a page may hold, and little is sent for nothing', () =>
    keepsToPages(parts));

  it('recorded instants never go back, not even when the clock of the database does', () =>
    neverGoesBack(parts));
}

async function neverGoesBack(parts: Parts): Promise<void> {
  const { store, owner } = parts();
  // As it is left where the clock was put back. An event has its instant to the millisecond.
  const lane = await owner.query<{ ahead: Date }>(
    `UPDATE es.lane SET recorded_at = date_trunc('milliseconds', clock_timestamp()) + interval '5 minutes'
     RETURNING recorded_at AS ahead`,
  );
  const before = await store.head();
  // The one goes by es.append, those by es.append_batch.
  await store.append(wish());
  await Promise.all([wish(), wish(), wish()].map((one) => store.append(one)));
  const instants = (await store.read(before, 10)).map(({ recordedAt }) => Date.parse(recordedAt));
  expect(instants).toHaveLength(4);
  for (const instant of instants) expect(instant).toBeGreaterThanOrEqual(lane.rows[0]!.ahead.getTime());
  const { rows } = await owner.query<{ back: string }>(
    `SELECT count(*) AS back FROM (
       SELECT recorded_at < lag(recorded_at) OVER (ORDER BY position) AS b FROM es.event) x WHERE b`,
  );
  expect(rows[0]!.back).toBe('0');
}

async function keepsToPages(parts: Parts): Promise<void> {
  const { store } = parts();
  const before = await store.head();
  const large = Array.from({ length: 60 }, () => eventOfSize(250_000));
  for (const one of large) await store.append(wish({ events: [one] }));
  const asked = jest.spyOn(store.pool, 'query');
  let [at, sent] = [before, 0];
  for (let more = true; more;) {
    asked.mockClear();
    const page = await store.read(at, 1_000);
    const results = asked.mock.results.map(({ value }) => value as unknown as Promise<{ rows: string[][] }>);
    const rows = (await Promise.all(results)).flatMap((result) => result.rows);
    expect(rows.flat().join('').length).toBeLessThanOrEqual(PAGE_CHARACTERS);
    [at, more, sent] = [page.at(-1)!.position, page.more, sent + rows.length];
  }
  asked.mockRestore();
  expect(at).toBe(before + large.length);
  // Once all that was asked for when nothing was known, and then about as many as fit.
  expect(sent).toBeLessThan(2 * large.length);
}

async function exhausts(parts: Parts): Promise<void> {
  const { options } = parts().store.pool;
  const pool = openPool({
    connectionString: options.connectionString!,
    applicationName: 'exhausted',
    max: 1,
  });
  // As long as this test likes.
  pool.options.connectionTimeoutMillis = 60_000;
  const held = await pool.connect();
  const small = new Appender(pool, undefined, { maxQueue: 5 });
  let busy = 0;
  const results: Promise<unknown>[] = [];
  for (let asked = 0; asked < 40; asked += 1) {
    const answer = small.append(wish());
    results.push(answer.catch((error: unknown) => (busy += Number(error instanceof StoreBusy))));
    // What may go, goes now.
    await new Promise(setImmediate);
  }
  expect(busy).toBeGreaterThan(30);
  expect(pool.waitingCount).toBeLessThanOrEqual(2);
  held.release();
  const taken = (await Promise.all(results)).filter((result) => typeof result !== 'number');
  expect(taken).toEqual(
    Array.from({ length: 40 - busy }, () => expect.objectContaining({ status: 'appended' })),
  );
  await pool.end();
}

/** The bug that most stores of this kind have had: a reader passes a number whose transaction commits later. */
function visibilityTests(open: () => Promise<PostgresLog>): void {
  it.each(['COMMIT', 'ROLLBACK'])('one append is held open, and ends with %s', async (end) => {
    const { access, logs, close } = await open();
    const held = new pg.Client(access.runtime);
    await held.connect();
    await held.query('BEGIN');
    await held.query(`SELECT * FROM es.append($1, 0, ARRAY[$2]::uuid[], 'x', '{1}', '{}', '{}', '{}')`, [
      randomUUID(),
      randomUUID(),
    ]);
    const later = [logs[0]!, logs[1]!].map((log) => log.append(wish()));
    await eventually(async () => {
      const { rows } = await logs[2]!.pool.query(`SELECT 1 FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock' AND state = 'active'`);
      expect(rows).toHaveLength(2);
    });
    // Two later ones are under way, and one holds its number already: whoever reads now must not see past it.
    expect(await logs[2]!.read(0, 10)).toHaveLength(0);
    await held.query(end);
    await held.end();
    const positions = (await Promise.all(later)).map((result) => 'position' in result && result.position);
    const first = end === 'COMMIT' ? 2 : 1;
    expect(new Set(positions)).toEqual(new Set([first, first + 1]));
    expect((await logs[2]!.read(0, 10)).map(({ position }) => position)).toEqual(
      end === 'COMMIT' ? [1, 2, 3] : [1, 2],
    );
    await close();
  });
}

async function recovers(open: () => Promise<PostgresLog>): Promise<void> {
  const { access, logs, close } = await open();
  // A role may end the sessions that are its own.
  const killer = new pg.Client(access.runtime);
  await killer.connect();
  const recorder = new HistoryRecorder();
  let over = false;
  const exercise = recorder.exercise(logs, { callers: 12, appends: 40, streams: 8 }).finally(() => {
    over = true;
  });
  while (recorder.unknown < 10 && !over) {
    await killer.query(`SELECT pg_terminate_backend(pid), pg_sleep(0.01) FROM pg_stat_activity
      WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()`);
  }
  await exercise;
  await killer.end();
  const history = await recorder.history(logs[0]!);
  await close();
  expect(violationsOf(history)).toEqual([]);
  expect(recorder.unknown).toBeGreaterThanOrEqual(10);
}
