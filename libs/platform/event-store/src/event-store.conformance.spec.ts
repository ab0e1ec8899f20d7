import { openPool, type DatabaseAccess } from '@loa/database';
import { freshDatabase, testServer } from '@loa/testing';
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { Append, NewEvent } from './appender.js';
import { StoreBusy } from './appender.js';
import { Appender } from './appender.js';
import { EventStore } from './event-store.js';
import { EventStore1700000000000 } from './event-store.migration.js';

let access: DatabaseAccess;
let store: EventStore;

const open = () => new EventStore(openPool({ connectionString: access.runtime, applicationName: 'store' }));
const event = (data: unknown = {}, id = randomUUID()): NewEvent => ({
  eventId: id,
  type: 'testing.Happened',
  schemaVersion: 1,
  data: typeof data === 'string' ? data : JSON.stringify(data),
  meta: '{}',
});
const append = (streamId: string, expected: Append['expected'], ...events: NewEvent[]) =>
  store.append({ streamId, expected, events: events.length > 0 ? events : [event()] });

beforeAll(async () => {
  access = await freshDatabase('store', { migrations: [EventStore1700000000000] });
});
beforeEach(() => {
  store = open();
});
afterEach(() => store.close());

async function expectDense(): Promise<void> {
  const { rows } = await store.pool.query<{ dense: boolean }>(
    `SELECT count(*) = coalesce(max(position), 0) AND coalesce(max(position), 0) = (SELECT head FROM es.lane) AS dense
       FROM es.event`,
  );
  expect(rows[0]!.dense).toBe(true);
}

describe('versions', () => {
  it('exact: the first of two wins, the other learns the current version', async () => {
    const stream = randomUUID();
    expect(await append(stream, 0)).toMatchObject({ status: 'appended', version: 1 });
    expect(await append(stream, 0)).toEqual({ status: 'conflict', current: 1 });
    expect(await append(stream, 1, event(), event())).toMatchObject({ status: 'appended', version: 3 });
    await expectDense();
  });

  it('any, and must exist', async () => {
    const stream = randomUUID();
    expect(await append(stream, 'exists')).toEqual({ status: 'conflict', current: 0 });
    expect(await append(stream, 'any')).toMatchObject({ version: 1 });
    expect(await append(stream, 'exists')).toMatchObject({ version: 2 });
    await expectDense();
  });

  it('the same ids at the same versions are a duplicate, with the first position', async () => {
    const stream = randomUUID();
    const ids = [event({ n: 1 }), event({ n: 2 })];
    const first = await append(stream, 0, ...ids);
    await append(stream, 2);
    expect(await append(stream, 0, ...ids)).toEqual({ ...first, status: 'duplicate' });
    expect((await store.load(stream)).version).toBe(3);
    await expectDense();
  });
});

describe('many at once', () => {
  it('gives dense positions in commit order, one version after the other', async () => {
    const streams = Array.from({ length: 20 }, () => randomUUID());
    const results = await Promise.all(
      streams.flatMap((stream) => [0, 1, 2].map((expected) => append(stream, expected, event({ expected })))),
    );
    expect(results.every(({ status }) => status === 'appended')).toBe(true);
    for (const stream of streams) {
      expect((await store.load(stream)).events.map(({ version }) => version)).toEqual([1, 2, 3]);
    }
    await expectDense();
  });

  it('keeps the rest of a batch when one loses, and when one is a repeat', async () => {
    const [known, fresh, raced] = [randomUUID(), randomUUID(), randomUUID()];
    const repeat = event();
    await append(known, 0, repeat);
    await append(raced, 0);
    const warm = append(randomUUID(), 0);
    const batch = await Promise.all([append(known, 0, repeat), append(fresh, 0), append(raced, 0), warm]);
    expect(batch.map(({ status }) => status)).toEqual(['duplicate', 'appended', 'conflict', 'appended']);
    await expectDense();
  });

  it('fails only the bad payload of a batch', async () => {
    const good = [randomUUID(), randomUUID(), randomUUID()];
    const warm = append(randomUUID(), 0);
    const results = await Promise.allSettled([
      append(good[0]!, 0),
      append(good[1]!, 0),
      append(randomUUID(), 0, event('{ not json')),
      append(good[2]!, 0),
      warm,
    ]);
    expect(results.map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'rejected',
      'fulfilled',
      'fulfilled',
    ]);
    await expectDense();
  });

  it('three processes on one log: dense, nothing lost', async () => {
    const stores = [open(), open(), open()];
    const head = await store.head();
    const appended = await Promise.all(
      stores.flatMap((one) =>
        Array.from({ length: 100 }, () =>
          one.append({ streamId: randomUUID(), expected: 0, events: [event()] }),
        ),
      ),
    );
    await Promise.all(stores.map((one) => one.close()));
    const positions = appended.map((result) => (result.status === 'appended' ? result.position : 0));
    expect(new Set(positions).size).toBe(300);
    expect(Math.max(...positions)).toBe(head + 300);
    await expectDense();
  });

  it('a reader of the log never passes an event that comes later', async () => {
    const start = await store.head();
    const writing = Promise.all(Array.from({ length: 300 }, () => append(randomUUID(), 0)));
    const seen: number[] = [];
    let after = start;
    while (seen.length < 300) {
      const events = await store.read(after, 50);
      seen.push(...events.map(({ position }) => position));
      after = events.at(-1)?.position ?? after;
    }
    await writing;
    expect(seen).toEqual(Array.from({ length: 300 }, (_, n) => start + n + 1));
  });
});

describe('claims', () => {
  const claim = (streamId: string, expected: number, key: string) =>
    store.append({ streamId, expected, events: [event()], claims: [key] });

  it('one stream holds a name, also when two want it at the same instant', async () => {
    const key = `number:${randomUUID()}`;
    const [one, two] = await Promise.all([claim(randomUUID(), 0, key), claim(randomUUID(), 0, key)]);
    expect([one.status, two.status].sort()).toEqual(['appended', 'claimed']);
    await expectDense();
  });

  it('its holder may name it again', async () => {
    const key = `number:${randomUUID()}`;
    const stream = randomUUID();
    await claim(stream, 0, key);
    expect(await claim(stream, 1, key)).toMatchObject({ status: 'appended' });
  });
});

describe('reading', () => {
  it('as of an instant gives what was recorded by then', async () => {
    const stream = randomUUID();
    await append(stream, 0);
    const [first] = (await store.load(stream)).events;
    const { rows } = await store.pool.query<{ later: boolean }>(
      `SELECT pg_sleep(0.005) IS NOT NULL AS later`,
    );
    expect(rows).toHaveLength(1);
    await append(stream, 1);
    expect((await store.load(stream, { until: first!.recordedAt })).version).toBe(1);
    expect((await store.load(stream)).version).toBe(2);
  });

  it('recorded instants never go back', async () => {
    const { rows } = await store.pool.query<{ back: string }>(
      `SELECT count(*) AS back FROM (SELECT recorded_at < lag(recorded_at) OVER (ORDER BY position) AS b FROM es.event) x WHERE b`,
    );
    expect(rows[0]!.back).toBe('0');
  });

  it('keeps the bytes of a payload', async () => {
    const stream = randomUUID();
    await append(stream, 0, event('{"b" : 1,  "a":"Ủy ban"}'));
    expect((await store.load(stream)).events[0]!.data).toBe('{"b" : 1,  "a":"Ủy ban"}');
  });
});

describe('what may not happen', () => {
  it('the serving role can change nothing that is written', async () => {
    await append(randomUUID(), 0);
    for (const sql of [
      'UPDATE es.event SET type = $$x$$',
      'DELETE FROM es.event',
      'TRUNCATE es.event',
      'UPDATE es.lane SET head = 0',
    ]) {
      await expect(store.pool.query(sql)).rejects.toMatchObject({ code: '42501' });
    }
    await expect(
      store.pool.query(`INSERT INTO es.event SELECT * FROM es.event LIMIT 1`),
    ).rejects.toMatchObject({
      code: '42501',
    });
  });

  it('not even the owner can', async () => {
    const owner = new pg.Client(access.owner);
    await owner.connect();
    await expect(owner.query('UPDATE es.event SET type = $$x$$')).rejects.toThrow('append-only');
    await expect(owner.query('TRUNCATE es.event')).rejects.toThrow('append-only');
    await owner.end();
  });

  it('a batch that breaks the rules of its caller is refused', async () => {
    const call = (streams: string[], counts: number[], ids: string[]) =>
      store.pool.query('SELECT * FROM es.append_many($1,$2,$3,$4,$5,$6,$7::json[],$8::json[])', [
        streams,
        streams.map(() => 0),
        counts,
        ids,
        ids.map(() => 'x'),
        ids.map(() => 1),
        ids.map(() => '{}'),
        ids.map(() => '{}'),
      ]);
    const stream = randomUUID();
    await expect(call([stream, stream], [1, 1], [randomUUID(), randomUUID()])).rejects.toMatchObject({
      code: '22023',
    });
    await expect(call([stream], [2], [randomUUID()])).rejects.toMatchObject({ code: '22023' });
    await expect(call([stream], [0], [])).rejects.toMatchObject({ code: '22023' });
    await expectDense();
  });

  it('an append of nothing is refused', () =>
    expect(store.append({ streamId: randomUUID(), expected: 0, events: [] })).rejects.toThrow(RangeError));

  it('a full queue says busy instead of growing', async () => {
    const small = new Appender(store.pool, undefined, 5);
    const results = await Promise.allSettled(
      Array.from({ length: 8 }, () =>
        small.append({ streamId: randomUUID(), expected: 0, events: [event()] }),
      ),
    );
    const busy = results.filter(
      (result) => result.status === 'rejected' && result.reason instanceof StoreBusy,
    );
    expect(busy).toHaveLength(3);
  });
});

it('recovers by itself when every session is ended under load', async () => {
  const admin = new pg.Client(testServer());
  await admin.connect();
  const stored: string[] = [];
  const write = async () => {
    for (let n = 0; n < 40; n += 1) {
      const streamId = randomUUID();
      const wish: Append = { streamId, expected: 0, events: [event()] };
      // The outcome of a broken call is unknown: the same ids again find out.
      for (;;) {
        const done = await store.append(wish).catch(() => undefined);
        if (done) break;
      }
      stored.push(streamId);
    }
  };
  const database = new URL(access.runtime).pathname.slice(1);
  const writers = Promise.all(Array.from({ length: 8 }, write));
  for (let n = 0; n < 5; n += 1) {
    await admin.query(
      'SELECT pg_terminate_backend(pid), pg_sleep(0.02) FROM pg_stat_activity WHERE datname = $1',
      [database],
    );
  }
  await writers;
  await admin.end();
  const found = await store.loadAll(stored);
  expect(found.size).toBe(320);
  expect([...found.values()].every(({ version }) => version === 1)).toBe(true);
  await expectDense();
});
