import { openPool } from '@loa/database';
import { eventually, freshDatabase } from '@loa/testing';
import type { DeliveredEvent } from '@loa/transport';
import fc from 'fast-check';
import { setTimeout as later } from 'node:timers/promises';
import pg from 'pg';
import { ParkedEvents } from './parked-events.js';
import { MOST_PARKED_STREAMS, TooManyParked } from './parking.js';
import type { Projection } from './projection.js';
import {
  Added,
  batch,
  Closed,
  delivered,
  Opened,
  tabId,
  tabs,
  tabTable,
  Tabs1700000000000,
} from './projector.fixtures.js';
import type { ProjectorNotice } from './notice.js';
import { Projector, type ProjectorOptions } from './projector.js';
import { entitiesOf } from './table-sql.js';

let owner: string;
let pool: pg.Pool;
let parked: ParkedEvents;
let notices: ProjectorNotice[];
/** What the projection thinks of an event; throws when it does not like it. */
let mood: (position: number) => void;

beforeAll(async () => {
  const access = await freshDatabase('parking', {
    migrations: [Tabs1700000000000],
    tables: entitiesOf('shop', tabTable),
  });
  owner = access.owner;
  pool = openPool({ connectionString: access.runtime, applicationName: 'parking.spec' });
  parked = new ParkedEvents(pool, { name: 'tabs', schema: 'shop' });
});
beforeEach(async () => {
  await reset();
  mood = () => undefined;
  notices = [];
});
afterAll(() => pool.end());

const reset = () =>
  pool.query(
    'TRUNCATE shop.tab, shop.tab_history, shop.checkpoint, shop.parked, shop.dropped, shop.parked_request',
  );

async function asOwner(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: owner });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

const moody: Projection = {
  ...tabs,
  handlers: new Map(
    [...tabs.handlers].map(([type, handler]) => [
      type,
      (data, event) => {
        mood(event.position);
        return handler(data, event);
      },
    ]),
  ),
};
const newProjector = (more: Partial<ProjectorOptions> = {}) =>
  new Projector(pool, {
    name: 'tabs',
    sources: ['shop'],
    projections: [moody],
    schema: 'shop',
    onNotice: (notice) => notices.push(notice),
    ...more,
  });

/** Fails at these positions for as long as it is not mended. */
const failsAt =
  (...positions: number[]) =>
  (position: number) => {
    if (positions.includes(position)) throw new TypeError('no such shelf');
  };
const totals = async () =>
  Object.fromEntries(
    (await pool.query<{ tab: string; total: number }>('SELECT tab, total FROM shop.tab')).rows.map(
      ({ tab, total }) => [Number(tab.slice(-12)), total],
    ),
  );
const aside = async () =>
  (await parked.list(1_000)).map(({ position, why, error, attempts }) => ({
    position,
    why,
    error,
    attempts,
  }));
const everything = async () => ({
  rows: (await pool.query('SELECT * FROM shop.tab ORDER BY tab')).rows,
  history: (await pool.query('SELECT * FROM shop.tab_history ORDER BY tab, recorded_from')).rows,
});
const stands = async (projector: Projector) => (await projector.checkpoints())[0]?.position;
/** Asks, and lets the projector carry it out meanwhile. */
async function carriedOut<T>(projector: Projector, asking: Promise<T>): Promise<T> {
  let done = false;
  const answer = asking.finally(() => (done = true));
  while (!done) {
    await projector.parkedWork.carryOut();
    await later(5);
  }
  return answer;
}

const [one, two] = [tabId(1), tabId(2)];
const log = delivered([
  [1, Opened({ tab: one, note: null })],
  [1, Opened({ tab: two, note: null })],
  [2, Added({ tab: one, amount: 1 })],
  [3, Added({ tab: two, amount: 10 })],
  [4, Added({ tab: one, amount: 2 })],
  [5, Added({ tab: two, amount: 20 })],
  [6, Added({ tab: one, amount: 4 })],
]);
const error = 'TypeError: no such shelf';

describe('an event that a projection throws at', () => {
  it('is parked with what follows in its stream; the other streams and the checkpoint go on', async () => {
    mood = failsAt(3);
    const projector = newProjector();
    await projector.handle(batch(log));
    expect(await totals()).toEqual({ 1: 0, 2: 30 });
    expect(await aside()).toEqual([
      { position: 3, why: 'failed', error, attempts: 3 },
      { position: 5, why: 'behind', error: null, attempts: 0 },
      { position: 7, why: 'behind', error: null, attempts: 0 },
    ]);
    expect(await stands(projector)).toBe(7);
    expect(projector.counters).toEqual({
      applied: 4,
      parked: 3,
      retried: 0,
      dropped: 0,
      failures: 0,
      unknown: 0,
    });
    expect(notices).toMatchObject([
      { kind: 'parked', position: 3, error },
      { kind: 'parked', position: 5, error: undefined },
      { kind: 'parked', position: 7, error: undefined },
    ]);
  });

  it('keeps the later batches of its stream back as well, also those of another process', async () => {
    mood = failsAt(3);
    await newProjector().handle(batch(log.slice(0, 4)));
    mood = failsAt();
    await newProjector().handle(batch(log.slice(4)));
    expect(await totals()).toEqual({ 1: 0, 2: 30 });
    expect((await aside()).map(({ position }) => position)).toEqual([3, 5, 7]);
  });

  it('keeps them back from a process that waited for the lock while it was parked', async () => {
    mood = failsAt(3);
    await newProjector().handle(batch(log.slice(0, 1)));
    const other = new pg.Client({ connectionString: owner });
    await other.connect();
    try {
      await other.query('BEGIN; SELECT 1 FROM shop.checkpoint FOR UPDATE');
      const handled = [newProjector(), newProjector(), newProjector()].map((each) => each.handle(batch(log)));
      await eventually(async () =>
        expect(
          (
            await pool.query(
              `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
            )
          ).rowCount,
        ).toBe(3),
      );
      await other.query('COMMIT');
      await Promise.all(handled);
    } finally {
      await other.end();
    }
    expect(await totals()).toEqual({ 1: 0, 2: 30 });
    expect((await aside()).map(({ position }) => position)).toEqual([3, 5, 7]);
  });

  it('is applied when it fails twice and then no more', async () => {
    let failures = 0;
    mood = (position) => {
      if (position === 3 && ++failures <= 2) throw new TypeError('no such shelf');
    };
    const projector = newProjector();
    await projector.handle(batch(log));
    expect(failures).toBe(3);
    expect(await aside()).toEqual([]);
    expect(await totals()).toEqual({ 1: 7, 2: 30 });
  });

  it('is not parked while it fails now one way and now another: the batch comes again', async () => {
    let failures = 0;
    mood = (position) => {
      if (position === 3) throw failures++ % 2 === 0 ? new TypeError('this') : new RangeError('that');
    };
    const projector = newProjector();
    await expect(projector.handle(batch(log))).rejects.toThrow('position 3 (shop.Added) fails now as');
    expect(await aside()).toEqual([]);
    expect(await stands(projector)).toBeUndefined();
    expect(projector.counters).toMatchObject({ failures: 1, applied: 0 });
  });

  it('in a batch of a thousand is found, and the rest is as if it had not been there', async () => {
    const many = delivered(
      Array.from({ length: 500 }, (_, n) => [
        [n, Opened({ tab: tabId(n), note: null })] as const,
        [n, Added({ tab: tabId(n), amount: n })] as const,
      ]).flat(),
    );
    const poison = [3, 420, 421, 998];
    mood = failsAt(...poison);
    await newProjector().handle(batch(many));
    expect((await aside()).map(({ position, why }) => [position, why])).toEqual([
      [3, 'failed'],
      [4, 'behind'],
      [420, 'failed'],
      [421, 'failed'],
      [422, 'behind'],
      [998, 'failed'],
    ]);
    const broken = await everything();
    await reset();
    mood = failsAt();
    const bad = many.filter(({ position }) => poison.includes(position));
    const spared = many.filter(
      (event) =>
        !bad.some(({ streamId, version }) => streamId === event.streamId && version <= event.version),
    );
    await newProjector().handle(batch(relinked(spared)));
    expect(broken).toEqual(await everything());
  });
});

/** The same events, with nothing missing between them. */
const relinked = (events: readonly DeliveredEvent[]): DeliveredEvent[] =>
  events.map((event, index) => ({ ...event, previous: events[index - 1]?.position ?? 0 }));

describe('what else is the fault of an event', () => {
  const spoiled = (spoil: Partial<DeliveredEvent>) =>
    log.map((event) => (event.position === 3 ? { ...event, ...spoil } : event));
  const data = (fields: object) => ({ data: JSON.stringify({ tab: one, amount: 1, ...fields }) });

  it.each([
    ['data that is not JSON', { data: '{"secret":"0912 345 678' }, 'the event is not JSON'],
    ['a row that PostgreSQL does not take', data({ amount: 1e12 }), 'PostgreSQL refused a row: 22003'],
    ['a row that is not there', data({ tab: tabId(9) }), 'MissingRow: read table tab has no row'],
  ])('%s', async (_, spoil, words) => {
    await newProjector().handle(batch(spoiled(spoil)));
    const [failed, ...behind] = await aside();
    expect(failed).toMatchObject({ position: 3, why: 'failed', error: expect.stringContaining(words) });
    expect(failed!.error).not.toContain('0912');
    expect(behind.map(({ position }) => position)).toEqual([5, 7]);
    expect(await totals()).toEqual({ 1: 0, 2: 30 });
  });

  it('a broken constraint, told with its name', async () => {
    await asOwner('ALTER TABLE shop.tab ADD CONSTRAINT cheap CHECK (total < 25)');
    try {
      await newProjector().handle(batch(log));
      expect(await aside()).toEqual([
        {
          position: 6,
          why: 'failed',
          attempts: 3,
          error: 'PostgreSQL refused a row: 23514 (table tab, constraint cheap)',
        },
      ]);
      expect(await totals()).toEqual({ 1: 7, 2: 10 });
    } finally {
      await asOwner('ALTER TABLE shop.tab DROP CONSTRAINT cheap');
    }
  });
});

describe('what is no fault of an event', () => {
  it('a table that is missing stops the reader, and nothing is parked', async () => {
    await asOwner('ALTER TABLE shop.tab RENAME TO elsewhere');
    try {
      await expect(newProjector().handle(batch(log))).rejects.toThrow('does not exist');
      expect(await aside()).toEqual([]);
    } finally {
      await asOwner('ALTER TABLE shop.elsewhere RENAME TO tab');
    }
    await newProjector().handle(batch(log));
    expect(await totals()).toEqual({ 1: 7, 2: 30 });
  });

  it('a thousand parked streams stop it too', async () => {
    const projector = newProjector();
    await projector.handle(batch(log.slice(0, 2)));
    await pool.query(
      `INSERT INTO shop.parked (reader, source, position, partition, stream_id, version, event_id, type, schema_version,
         data, meta, recorded_at, error, attempts, why)
       SELECT 'tabs', 'shop', 1000 + n, 0, gen_random_uuid(), 1, gen_random_uuid(), 'shop.Added', 1, '{}', '{}', now(),
              'x', 3, 'failed' FROM generate_series(1, $1::int) n`,
      [MOST_PARKED_STREAMS],
    );
    mood = failsAt(3);
    await expect(projector.handle(batch(log))).rejects.toThrow(TooManyParked);
    expect(await stands(projector)).toBe(2);
    mood = failsAt();
    await projector.handle(batch(log));
    expect(await totals()).toEqual({ 1: 7, 2: 30 });
  });
});

describe('an event of a type', () => {
  const foreign = log.map((event) => (event.position < 3 ? event : { ...event, type: 'shop.Painted' }));

  it('that no contract declares is passed over, counted, and told once', async () => {
    const projector = newProjector({ knownTypes: new Set([Opened.type, Added.type, Closed.type]) });
    await projector.handle(batch(foreign.slice(0, 4)));
    await projector.handle(batch(foreign));
    expect(projector.counters).toMatchObject({ unknown: 5, applied: 2, parked: 0 });
    expect(notices).toEqual([{ kind: 'unknown-type', source: 'shop', type: 'shop.Painted', position: 3 }]);
    expect(await stands(projector)).toBe(7);
  });

  it('that is declared, and that no projection looks at, is none to speak of', async () => {
    const projector = newProjector({ knownTypes: new Set([Opened.type, 'shop.Painted']) });
    await projector.handle(batch(foreign));
    expect(projector.counters.unknown).toBe(0);
    expect(notices).toEqual([]);
  });
});

describe('an operator', () => {
  const unbroken = async () => {
    mood = failsAt();
    await newProjector().handle(batch(log));
    const state = await everything();
    await reset();
    return state;
  };

  it('retries a stream when its projection was mended: rows and history are as if nothing had failed', async () => {
    const expected = await unbroken();
    mood = failsAt(3);
    await newProjector().handle(batch(log));
    mood = failsAt();
    const projector = newProjector();
    expect(await carriedOut(projector, parked.retry(one, 'An'))).toEqual({
      state: 'done',
      applied: 3,
      remaining: [],
    });
    expect(await everything()).toEqual(expected);
    expect(projector.counters).toMatchObject({ retried: 3, dropped: 0 });
  });

  it('is told what fails still; what could be applied before it is', async () => {
    mood = failsAt(3);
    const projector = newProjector();
    await projector.handle(batch(log));
    mood = failsAt(5);
    expect(await carriedOut(projector, parked.retry(one, 'An'))).toMatchObject({
      state: 'failing',
      applied: 1,
    });
    expect(await aside()).toEqual([
      { position: 5, why: 'failed', error, attempts: 1 },
      { position: 7, why: 'behind', error: null, attempts: 0 },
    ]);
    await carriedOut(projector, parked.retry(one, 'An'));
    expect((await aside())[0]).toMatchObject({ position: 5, attempts: 2 });
    expect(await totals()).toEqual({ 1: 1, 2: 30 });
  });

  it('drops an event for good: it stays on record, the rest is applied, and it never comes back', async () => {
    mood = failsAt(3);
    const projector = newProjector();
    await projector.handle(batch(log));
    const dropped = await carriedOut(
      projector,
      parked.drop({ source: 'shop', position: 3 }, 'A test record', 'An'),
    );
    expect(dropped).toEqual({ state: 'done', applied: 2, remaining: [] });
    expect(await totals()).toEqual({ 1: 6, 2: 30 });
    const record = 'SELECT position::int, data, error, reason, dropped_by FROM shop.dropped';
    expect((await pool.query(record)).rows).toEqual([
      {
        position: 3,
        data: log[2]!.data,
        error,
        reason: 'A test record',
        dropped_by: 'An',
      },
    ]);
    expect(projector.counters).toMatchObject({ retried: 2, dropped: 1 });
    // The rows are made anew, from the first event on.
    const before = await everything();
    await pool.query('TRUNCATE shop.tab, shop.tab_history, shop.checkpoint');
    await newProjector().handle(batch(log));
    expect(await aside()).toEqual([]);
    expect(await everything()).toEqual(before);
  });

  it('cannot drop what only stands behind, or what is not parked', async () => {
    mood = failsAt(3);
    await newProjector().handle(batch(log));
    const gone = { state: 'gone', applied: 0, remaining: [] };
    expect(await parked.drop({ source: 'shop', position: 5 }, 'why', 'An')).toEqual(gone);
    expect(await parked.drop({ source: 'other', position: 3 }, 'why', 'An')).toEqual(gone);
    expect(await parked.retry(two, 'An')).toEqual(gone);
    expect(await aside()).toHaveLength(3);
  });

  it('two at once: the second finds nothing left to do', async () => {
    mood = failsAt(3);
    await newProjector().handle(batch(log));
    const at = { source: 'shop', position: 3 };
    const both = Promise.all([parked.drop(at, 'why', 'An'), parked.drop(at, 'why', 'Bình')]);
    await eventually(async () => {
      const { rowCount } = await pool.query('SELECT 1 FROM shop.parked_request');
      expect(rowCount).toBe(2);
    });
    await Promise.all([newProjector().parkedWork.carryOut(), newProjector().parkedWork.carryOut()]);
    expect((await both).map(({ state }) => state).sort()).toEqual(['done', 'gone']);
    expect(await totals()).toEqual({ 1: 6, 2: 30 });
  });

  it('two at once never drop what only came to the front by the first', async () => {
    mood = failsAt(3, 5);
    await newProjector().handle(batch(log));
    const at = { source: 'shop', position: 3 };
    const both = Promise.all([parked.drop(at, 'why', 'An'), parked.drop(at, 'why', 'Bình')]);
    await eventually(async () => {
      expect((await pool.query('SELECT 1 FROM shop.parked_request')).rowCount).toBe(2);
    });
    await newProjector().parkedWork.carryOut();
    expect((await both).map(({ state }) => state).sort()).toEqual(['failing', 'gone']);
    expect((await aside()).map(({ position }) => position)).toEqual([5, 7]);
  });

  it('is told that it waits while the reader does not run; it is carried out when it does', async () => {
    mood = failsAt(3);
    const projector = newProjector();
    await projector.handle(batch(log));
    mood = failsAt();
    const hasty = new ParkedEvents(pool, { name: 'tabs', schema: 'shop' }, 100);
    expect(await hasty.retry(one, 'An')).toMatchObject({ state: 'pending', applied: 0 });
    await projector.parkedWork.carryOut();
    expect(await aside()).toEqual([]);
    expect(await totals()).toEqual({ 1: 7, 2: 30 });
  });

  it('pages through what is parked, and counts it', async () => {
    mood = failsAt(3, 4);
    await newProjector().handle(batch(log));
    expect(await parked.count()).toBe(5);
    const first = await parked.list(3);
    const rest = await parked.list(3, first.at(-1));
    expect([...first, ...rest].map(({ position }) => position)).toEqual([3, 4, 5, 6, 7]);
    expect((await parked.stream(one)).map(({ version, data }) => [version, data])).toEqual(
      [3, 5, 7].map((position) => [log[position - 1]!.version, log[position - 1]!.data]),
    );
  });
});

it('whatever fails, however it is delivered: rows are the events before the first failure of each stream', async () => {
  const step = fc.record({ tab: fc.integer({ min: 1, max: 3 }), amount: fc.integer({ min: 1, max: 9 }) });
  const plan = fc.record({
    steps: fc.array(step, { minLength: 1, maxLength: 20 }),
    bad: fc.array(fc.integer({ min: 1, max: 20 }), { maxLength: 4 }),
    cuts: fc.array(fc.nat({ max: 6 }), { maxLength: 10 }),
  });
  await fc.assert(
    fc.asyncProperty(plan, async ({ steps, bad, cuts }) => {
      await reset();
      const open = new Set<number>();
      const events = delivered(
        steps.map(({ tab: n, amount }, at) => {
          const tab = tabId(n);
          if (open.has(n)) return [at, Added({ tab, amount })] as const;
          open.add(n);
          return [at, Opened({ tab, note: null })] as const;
        }),
      );
      mood = failsAt(...bad);
      const projector = newProjector();
      let done = 0;
      for (const take of [...cuts, events.length]) {
        await projector.handle(batch(events.slice(done, done + take)));
        done = Math.min(events.length, done + take);
      }
      const blocked = new Set<string>();
      const expected: Record<number, number> = {};
      for (const { position, streamId, data } of events) {
        if (bad.includes(position)) blocked.add(streamId);
        if (blocked.has(streamId)) continue;
        const n = Number(streamId.slice(-12));
        expected[n] = (expected[n] ?? 0) + ((JSON.parse(data) as { amount?: number }).amount ?? 0);
      }
      expect(await totals()).toEqual(expected);
      // Mended and retried, nothing was lost.
      mood = failsAt();
      for (const stream of blocked) await carriedOut(projector, parked.retry(stream, 'An'));
      expect(await aside()).toEqual([]);
      const after = await everything();
      await reset();
      await newProjector().handle(batch(events));
      expect(after).toEqual(await everything());
    }),
    { numRuns: 25 },
  );
}, 60_000);
