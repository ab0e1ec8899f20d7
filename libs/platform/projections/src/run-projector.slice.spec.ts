import { openPool } from '@loa/database';
import { EventStore, eventStoreMigrations } from '@loa/event-store';
import { eventually, freshDatabase } from '@loa/testing';
import { LogTransport } from '@loa/transport';
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { ParkedEvents } from './parked-events.js';
import type { Projection } from './projection.js';
import { Opened, tabId, tabs, Tabs1700000000000, tabTable } from './projector.fixtures.js';
import { Projector } from './projector.js';
import { runProjector } from './run-projector.js';
import { entitiesOf } from './table-sql.js';

let store: EventStore;
let pool: pg.Pool;
let owner: string;
let transport: LogTransport;

beforeAll(async () => {
  const log = await freshDatabase('projected_log', { migrations: eventStoreMigrations });
  const rows = await freshDatabase('projected_rows', {
    migrations: [Tabs1700000000000],
    tables: entitiesOf('shop', tabTable),
  });
  owner = rows.owner;
  store = new EventStore(openPool({ connectionString: log.runtime, applicationName: 'run-projector' }));
  pool = openPool({ connectionString: rows.runtime, applicationName: 'run-projector' });
});
beforeEach(async () => {
  await pool.query('TRUNCATE shop.tab, shop.tab_history, shop.checkpoint, shop.parked, shop.parked_request');
  transport = new LogTransport({ shop: store }, () => undefined);
});
afterEach(() => transport.close());
afterAll(() => Promise.all([store.close(), pool.end()]));

const run = (projection: Projection = tabs) =>
  runProjector(
    transport,
    new Projector(pool, { name: 'tabs', sources: ['shop'], projections: [projection], schema: 'shop' }),
    () => undefined,
  );
let opened = 0;
async function open(note: string): Promise<void> {
  const { type, schemaVersion, data } = Opened({ tab: tabId(++opened), note });
  const event = { eventId: randomUUID(), type, schemaVersion, data: JSON.stringify(data), meta: '{}' };
  await store.append({ streamId: data.tab, expected: 'any', events: [event] });
}
const shown = async () => (await pool.query('SELECT 1 FROM shop.tab')).rowCount;
const caughtUpAt = async () =>
  (await pool.query<{ at: Date | null }>('SELECT caught_up_at AS at FROM shop.checkpoint')).rows[0]?.at;
async function asOwner(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: owner });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

it('says when it had everything, again and again while nothing happens, and no more once it is closed', async () => {
  const running = await run();
  const first = await eventually(async () => {
    const at = await caughtUpAt();
    expect(at).toBeInstanceOf(Date);
    return at!;
  });
  await eventually(async () => expect((await caughtUpAt())!.getTime()).toBeGreaterThan(first.getTime()));
  await running.close();
  const last = await caughtUpAt();
  await open('unread');
  expect(await caughtUpAt()).toEqual(last);
});

it('does not say so while a batch fails, and carries out what operators ask for all the same', async () => {
  await asOwner(`ALTER TABLE shop.tab ADD CONSTRAINT short CHECK (length(note) < 9)`);
  await open('much too long');
  const running = await run();
  const parked = new ParkedEvents(pool, { name: 'tabs', schema: 'shop' });
  await eventually(async () => expect(await parked.count()).toBe(1));
  // Now every batch fails, and not by the fault of an event.
  await asOwner('ALTER TABLE shop.tab_history RENAME TO elsewhere');
  const last = await caughtUpAt();
  await open('short');
  try {
    const [{ streamId, source, position } = { streamId: '', source: '', position: 0 }] = await parked.list(1);
    expect(streamId).not.toBe('');
    const outcome = await parked.drop({ source, position }, 'too long', 'An');
    expect(outcome).toEqual({ state: 'done', applied: 0, remaining: 0, next: undefined });
    const now = await caughtUpAt();
    // What it noted before the tables went may be written once more, or for the first time.
    expect(now ? now.getTime() - (last ?? now).getTime() : 0).toBeLessThan(2_000);
  } finally {
    await asOwner('ALTER TABLE shop.elsewhere RENAME TO tab_history');
  }
  const before = await caughtUpAt();
  await eventually(async () =>
    expect((await caughtUpAt())!.getTime()).toBeGreaterThan(before?.getTime() ?? 0),
  );
  expect(await shown()).toBeGreaterThan(0);
  await running.close();
});

it('two processes of one name: every row is there once, and what one parks is known to the other', async () => {
  const before = await store.head();
  const both = await Promise.all([run(), run()]);
  const other = new LogTransport({ shop: store }, () => undefined);
  const third = await runProjector(
    other,
    new Projector(pool, { name: 'tabs', sources: ['shop'], projections: [tabs], schema: 'shop' }),
    () => undefined,
  );
  for (let n = 0; n < 30; n += 1) await open(n % 10 === 5 ? 'much too long' : 'fine');
  const parked = new ParkedEvents(pool, { name: 'tabs', schema: 'shop' });
  await eventually(async () => {
    const { rows } = await pool.query<{ position: number }>('SELECT position::int FROM shop.checkpoint');
    expect(rows).toEqual([{ position: before + 30 }]);
  });
  const failed = await parked.list(100);
  expect(failed).toHaveLength(3);
  expect(Number(await shown()) + failed.length + 1).toBe(before + 30);
  await Promise.all([...both, third].map((running) => running.close()));
  await other.close();
});

it('ends between two of many requests, and leaves the others to the next process', async () => {
  await pool.query(
    `INSERT INTO shop.parked (reader, source, position, partition, stream_id, version, event_id, type, schema_version,
                              data, meta, recorded_at, why, attempts)
     SELECT 'tabs', 'shop', n, 0, gen_random_uuid(), 1, gen_random_uuid(), $1, 1, '{}', '{}', now(), 'failed', 3
       FROM generate_series(1001, 1003) n`,
    [Opened.type],
  );
  const parked = new ParkedEvents(pool, { name: 'tabs', schema: 'shop' }, 0);
  expect(await parked.retryAll('An')).toMatchObject({ streams: { pending: 3 } });
  const tries: number[] = [];
  let ending: Promise<void> | undefined;
  const running = await run({
    ...tabs,
    handlers: new Map([
      [
        Opened.type,
        (_data: never, { position }: { position: number }) => {
          // What the log holds of earlier tests is nothing to us.
          if (position < 1_001) return [];
          tries.push(position);
          ending ??= running.close();
          throw new TypeError('no such shelf');
        },
      ],
    ]),
  });
  await eventually(() => expect(tries).not.toEqual([]));
  await ending;
  expect(new Set(tries).size).toBe(1);
  const { rowCount } = await pool.query('SELECT FROM shop.parked_request WHERE done_at IS NULL');
  expect(rowCount).toBe(2);
});
