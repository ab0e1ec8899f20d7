import { PAGE_CHARACTERS } from '@loa/event-store';
import fc from 'fast-check';
import { setTimeout as later } from 'node:timers/promises';
import type pg from 'pg';
import { ParkedEvents } from './parked-events.js';
import { MOST_AT_ONCE } from './parked-work.js';
import { carriedOut, failsAt, ParkingShop } from './parking.fixtures.js';
import { batch, delivered, Opened, tabId } from './projector.fixtures.js';
import type { Projector } from './projector.js';

let shop: ParkingShop;
beforeAll(async () => {
  shop = await ParkingShop.open();
});
beforeEach(() => shop.reset());
afterAll(() => shop.close());

const [one, two] = [tabId(1), tabId(2)];
const place = { name: 'tabs', schema: 'shop' };
const asking = (patienceMs: number) => new ParkedEvents(shop.pool, place, patienceMs);

/** So many events of one stream, each a second after the one before, and one of another stream at the end. */
const crowd = (count: number, filler = '') =>
  delivered(
    Array.from({ length: count + 1 }, (_, n) => [
      n,
      Opened({ tab: n < count ? one : two, note: `${n}${filler}` }),
    ]),
  );

/** The first event fails, so all of its stream are parked. */
async function parkAll(events: ReturnType<typeof crowd>): Promise<Projector> {
  shop.mood = failsAt(1);
  const projector = shop.projector();
  await projector.handle(batch(events));
  shop.mood = failsAt();
  return projector;
}

/** What comes of events of which none fails. */
async function unbroken(events: ReturnType<typeof crowd>) {
  await shop.projector().handle(batch(events));
  const state = await shop.everything();
  await shop.reset();
  return state;
}

const oneTransaction = (projector: Projector): Promise<boolean> => {
  let left = 1;
  return projector.parkedWork.carryOut(() => left-- > 0);
};

/** One who asks, and before each look at what became of it `meanwhile` happens. */
function asker(meanwhile: () => Promise<unknown>, patienceMs: number): ParkedEvents {
  const query = async (text: string, values: unknown[]) => {
    if (text.includes('FROM shop.parked_request WHERE id')) await meanwhile();
    return shop.pool.query(text, values);
  };
  return new ParkedEvents(
    Object.create(shop.pool, { query: { value: query } }) as pg.Pool,
    place,
    patienceMs,
  );
}

it('applies the events of a stream together', async () => {
  const projector = await parkAll(crowd(50));
  await carriedOut(projector, asking(60_000).retry(one, 'An'));
  const { rows } = await shop.pool.query(
    'SELECT count(*)::int AS states, count(DISTINCT xmin::text)::int AS savepoints FROM shop.tab_history WHERE tab = $1',
    [one],
  );
  expect(rows).toEqual([{ states: 50, savepoints: 1 }]);
});

it('applies those before the first that fails, wherever it stands, notes that one, and leaves the rest', async () => {
  const plan = fc.record({
    count: fc.integer({ min: 1, max: 20 }),
    bad: fc.array(fc.integer({ min: 1, max: 20 }), { maxLength: 3 }),
  });
  await fc.assert(
    fc.asyncProperty(plan, async ({ count, bad }) => {
      const events = crowd(count);
      const failing = Math.min(...bad.filter((position) => position <= count), Infinity);
      const applied = Math.min(failing - 1, count);
      const expected = await unbroken(
        events.filter(({ position }) => position < failing || position > count).map(chained),
      );
      const projector = await parkAll(events);
      shop.mood = failsAt(...bad);
      const outcome = await carriedOut(projector, asking(60_000).retry(one, 'An'));
      const state = applied < count ? 'failing' : 'done';
      expect(outcome).toMatchObject({ state, applied, remaining: count - applied });
      expect(await shop.everything()).toEqual(expected);
      const left = events.slice(applied, count).map(({ position }) => ({
        position,
        why: position === failing || position === 1 ? 'failed' : 'behind',
        error: position === failing || position === 1 ? 'TypeError: no such shelf' : null,
        attempts: (position === 1 ? 3 : 0) + (position === failing ? 1 : 0),
      }));
      expect(await shop.aside()).toEqual(left);
      expect(projector.counters).toMatchObject({ retried: applied });
      await shop.reset();
    }),
    { numRuns: 25 },
  );
}, 60_000);

/** As if nothing lay between an event and the one before it here. */
const chained = <E extends { readonly position: number }>(event: E, at: number, all: readonly E[]): E => ({
  ...event,
  previous: all[at - 1]?.position ?? 0,
});

describe('of more events than one transaction deals with', () => {
  const events = crowd(2 * MOST_AT_ONCE + 100);
  const count = events.length - 1;

  it('some are applied at a time; the reader goes on between, and what arrives is parked behind the rest', async () => {
    const expected = await unbroken(events);
    // All but the last two: one of the stream, and one of the other.
    const projector = await parkAll(events.slice(0, -2));
    expect(await asking(0).retry(one, 'An')).toMatchObject({ state: 'pending', applied: 0 });
    expect(await oneTransaction(projector)).toBe(true);
    expect(await shop.parked.count()).toBe(count - 1 - MOST_AT_ONCE);
    expect(projector.counters).toMatchObject({ retried: MOST_AT_ONCE });
    await projector.handle(batch(events.slice(-2)));
    expect(await shop.totals()).toEqual({ 1: 0, 2: 0 });
    expect(await shop.parked.count()).toBe(count - MOST_AT_ONCE);
    // Another process goes on with it.
    const other = shop.projector();
    expect(await other.parkedWork.carryOut()).toBe(false);
    expect(other.counters).toMatchObject({ retried: count - MOST_AT_ONCE });
    expect(await shop.aside()).toEqual([]);
    expect(await shop.everything()).toEqual(expected);
  });

  it('whoever asked is told how many are applied so far', async () => {
    const projector = await parkAll(events);
    const hasty = asker(() => oneTransaction(projector), 0);
    expect(await hasty.retry(one, 'An')).toMatchObject({
      state: 'pending',
      applied: MOST_AT_ONCE,
      remaining: count - MOST_AT_ONCE,
      next: { position: MOST_AT_ONCE + 1, why: 'behind' },
    });
  });

  it('whoever asked for all streams waits while there is progress', async () => {
    const projector = await parkAll(events);
    // A transaction takes longer than it has patience for, but there is progress.
    const patienceMs = 400;
    const patient = asker(() => Promise.all([oneTransaction(projector), later(patienceMs)]), patienceMs);
    expect(await patient.retryAll('An')).toEqual({
      streams: { done: 1, failing: 0, gone: 0, pending: 0 },
      applied: count,
      remaining: 0,
    });
  });

  it('one that fails is told of with all that were applied before it', async () => {
    const projector = await parkAll(events);
    const bad = MOST_AT_ONCE + 500;
    shop.mood = failsAt(bad);
    expect(await carriedOut(projector, asking(60_000).retry(one, 'An'))).toMatchObject({
      state: 'failing',
      applied: bad - 1,
      remaining: count - bad + 1,
      next: { position: bad, why: 'failed', attempts: 1 },
    });
  });

  it('what is asked of other streams does not wait for all of them', async () => {
    const projector = await parkAll(events);
    shop.mood = failsAt(count + 2);
    const [last] = delivered([[count + 1, Opened({ tab: tabId(3), note: null })]]);
    await projector.handle(batch([{ ...last!, position: count + 2, previous: count + 1 }]));
    shop.mood = failsAt();
    const hasty = asking(0);
    await hasty.retry(one, 'An');
    await hasty.retry(tabId(3), 'An');
    await oneTransaction(projector);
    await oneTransaction(projector);
    expect(await shop.parked.count(tabId(3))).toBe(0);
    expect(await shop.parked.count(one)).toBe(count - MOST_AT_ONCE);
  });

  it('the one that is dropped is dropped once, whoever else asks for it and however many follow', async () => {
    const projector = await parkAll(events);
    const hasty = asking(0);
    const at = { source: 'shop', position: 1 };
    await Promise.all([hasty.drop(at, 'A test record', 'An'), hasty.drop(at, 'A test record', 'Bình')]);
    await oneTransaction(projector);
    expect(projector.counters).toMatchObject({ dropped: 1, retried: MOST_AT_ONCE - 1 });
    await projector.parkedWork.carryOut();
    expect(projector.counters).toMatchObject({ dropped: 1, retried: count - 1 });
    expect((await shop.pool.query('SELECT position::int FROM shop.dropped')).rows).toEqual([{ position: 1 }]);
    const { rows } = await shop.pool.query(
      'SELECT outcome, applied FROM shop.parked_request ORDER BY outcome',
    );
    expect(rows).toEqual([
      { outcome: 'done', applied: count - 1 },
      { outcome: 'gone', applied: 0 },
    ]);
  });

  it('what is left of a drop is asked for as a retry, which a release that knows no parts carries out too', async () => {
    const projector = await parkAll(events);
    const at = { source: 'shop', position: 1 };
    const left: unknown[] = [];
    const patient = asker(async () => {
      const { rows } = await shop.pool.query(
        'SELECT action, position, reason, requested_by AS by, applied FROM shop.parked_request WHERE done_at IS NULL',
      );
      left.push(...rows);
      await oneTransaction(projector);
    }, 60_000);
    expect(await patient.drop(at, 'A test record', 'An')).toEqual({
      state: 'done',
      applied: count - 1,
      remaining: 0,
      next: undefined,
    });
    const retry = { action: 'retry', position: null, reason: null, by: 'An' };
    expect(left).toEqual([
      { action: 'drop', position: '1', reason: 'A test record', by: 'An', applied: null },
      { ...retry, applied: MOST_AT_ONCE - 1 },
      { ...retry, applied: 2 * MOST_AT_ONCE - 1 },
    ]);
    const { rows } = await shop.pool.query(
      'SELECT position::int, reason, dropped_by AS by FROM shop.dropped',
    );
    expect(rows).toEqual([{ position: 1, reason: 'A test record', by: 'An' }]);
  });
});

describe('of events that are large', () => {
  /** Almost as large as the body of a command may be, and more of them than are read at once. */
  const characters = 250_000;
  const atOnce = Math.floor(PAGE_CHARACTERS / characters);
  const events = crowd(2 * atOnce + 5, 'x'.repeat(characters));
  const count = events.length - 1;

  it('so many are applied at a time as fit into a page, and in the end all of them, in their order', async () => {
    const expected = await unbroken(events);
    const projector = await parkAll(events);
    await asking(0).retry(one, 'An');
    const parked: number[] = [];
    while (await oneTransaction(projector)) parked.push(await shop.parked.count());
    expect(parked).toEqual([count - atOnce, count - 2 * atOnce, 0]);
    expect(projector.counters).toMatchObject({ retried: count });
    expect(await shop.everything()).toEqual(expected);
  });

  it('the request is done with the last of them, also when the one that is dropped leaves no room for others', async () => {
    const projector = await parkAll(crowd(3, 'x'.repeat(PAGE_CHARACTERS)));
    const outcome = carriedOut(
      projector,
      asking(60_000).drop({ source: 'shop', position: 1 }, 'A test record', 'An'),
    );
    expect(await outcome).toEqual({ state: 'done', applied: 2, remaining: 0, next: undefined });
    expect(await shop.aside()).toEqual([]);
  });
});

it('of as many events as one transaction deals with, the stream is done', async () => {
  const projector = await parkAll(crowd(MOST_AT_ONCE));
  expect(await carriedOut(projector, asking(60_000).retry(one, 'An'))).toEqual({
    state: 'done',
    applied: MOST_AT_ONCE,
    remaining: 0,
    next: undefined,
  });
});
