import { eventually } from '@loa/testing';
import fc from 'fast-check';
import { ParkedEvents } from './parked-events.js';
import { carriedOut, failsAt, parkingLog as log, ParkingShop } from './parking.fixtures.js';
import { Added, batch, delivered, Opened, tabId } from './projector.fixtures.js';

let shop: ParkingShop;
beforeAll(async () => {
  shop = await ParkingShop.open();
});
beforeEach(() => shop.reset());
afterAll(() => shop.close());

const [one, two] = [tabId(1), tabId(2)];
const error = 'TypeError: no such shelf';

describe('an operator', () => {
  const unbroken = async () => {
    shop.mood = failsAt();
    await shop.projector().handle(batch(log));
    const state = await shop.everything();
    await shop.reset();
    return state;
  };

  it('retries a stream when its projection was mended: rows and history are as if nothing had failed', async () => {
    const expected = await unbroken();
    shop.mood = failsAt(3);
    await shop.projector().handle(batch(log));
    shop.mood = failsAt();
    const projector = shop.projector();
    expect(await carriedOut(projector, shop.parked.retry(one, 'An'))).toEqual({
      state: 'done',
      applied: 3,
      remaining: 0,
      next: undefined,
    });
    expect(await shop.everything()).toEqual(expected);
    expect(projector.counters).toMatchObject({ retried: 3, dropped: 0 });
  });

  it('is told what fails still; what could be applied before it is', async () => {
    shop.mood = failsAt(3);
    const projector = shop.projector();
    await projector.handle(batch(log));
    shop.mood = failsAt(5);
    expect(await carriedOut(projector, shop.parked.retry(one, 'An'))).toMatchObject({
      state: 'failing',
      applied: 1,
    });
    expect(await shop.aside()).toEqual([
      { position: 5, why: 'failed', error, attempts: 1 },
      { position: 7, why: 'behind', error: null, attempts: 0 },
    ]);
    await carriedOut(projector, shop.parked.retry(one, 'An'));
    expect((await shop.aside())[0]).toMatchObject({ position: 5, attempts: 2 });
    expect(await shop.totals()).toEqual({ 1: 1, 2: 30 });
  });

  it('waits for what cannot be carried out for now, and others do not wait for it', async () => {
    shop.mood = failsAt(1, 2);
    const projector = shop.projector();
    await projector.handle(batch(log));
    shop.mood = failsAt();
    const impatient = new ParkedEvents(shop.pool, { name: 'tabs', schema: 'shop' }, 0);
    // Not the fault of an event: a table that a rule needs is not there.
    await shop.asOwner(`CREATE FUNCTION shop.lacks() RETURNS trigger LANGUAGE plpgsql AS
        $$BEGIN RAISE EXCEPTION 'no such table' USING ERRCODE = '42P01'; END$$;
      CREATE TRIGGER lacks BEFORE INSERT ON shop.tab FOR EACH ROW WHEN (NEW.tab = '${one}')
        EXECUTE FUNCTION shop.lacks()`);
    try {
      expect(await impatient.retry(one, 'An')).toMatchObject({ state: 'pending' });
      expect(await impatient.retry(two, 'An')).toMatchObject({ state: 'pending' });
      await expect(projector.parkedWork.carryOut()).rejects.toThrow('1 of what operators asked for');
      expect(await shop.totals()).toEqual({ 2: 30 });
    } finally {
      await shop.asOwner('DROP TRIGGER lacks ON shop.tab; DROP FUNCTION shop.lacks');
    }
    // Asked for already.
    const both = await impatient.retryAll('An');
    expect(both.streams).toEqual({ done: 0, failing: 0, gone: 0, pending: 1 });
    await projector.parkedWork.carryOut();
    expect(await shop.totals()).toEqual({ 1: 7, 2: 30 });
    expect(await shop.aside()).toEqual([]);
  });

  it('drops an event for good: it stays on record, the rest is applied, and it never comes back', async () => {
    shop.mood = failsAt(3);
    const projector = shop.projector();
    await projector.handle(batch(log));
    const dropped = await carriedOut(
      projector,
      shop.parked.drop({ source: 'shop', position: 3 }, 'A test record', 'An'),
    );
    expect(dropped).toEqual({ state: 'done', applied: 2, remaining: 0, next: undefined });
    expect(await shop.totals()).toEqual({ 1: 6, 2: 30 });
    const record = 'SELECT position::int, data, error, reason, dropped_by FROM shop.dropped';
    expect((await shop.pool.query(record)).rows).toEqual([
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
    const before = await shop.everything();
    await shop.pool.query('TRUNCATE shop.tab, shop.tab_history, shop.checkpoint');
    await shop.projector().handle(batch(log));
    expect(await shop.aside()).toEqual([]);
    expect(await shop.everything()).toEqual(before);
  });

  it('cannot drop what only stands behind, or what is not parked', async () => {
    shop.mood = failsAt(3);
    await shop.projector().handle(batch(log));
    const gone = { state: 'gone', applied: 0, remaining: 0, next: undefined };
    expect(await shop.parked.drop({ source: 'shop', position: 5 }, 'why', 'An')).toEqual(gone);
    expect(await shop.parked.drop({ source: 'other', position: 3 }, 'why', 'An')).toEqual(gone);
    expect(await shop.parked.retry(two, 'An')).toEqual(gone);
    expect(await shop.aside()).toHaveLength(3);
  });

  it('two at once: the second finds nothing left to do', async () => {
    shop.mood = failsAt(3);
    await shop.projector().handle(batch(log));
    const at = { source: 'shop', position: 3 };
    const both = Promise.all([shop.parked.drop(at, 'why', 'An'), shop.parked.drop(at, 'why', 'Bình')]);
    await eventually(async () => {
      const { rowCount } = await shop.pool.query('SELECT 1 FROM shop.parked_request');
      expect(rowCount).toBe(2);
    });
    await Promise.all([shop.projector().parkedWork.carryOut(), shop.projector().parkedWork.carryOut()]);
    expect((await both).map(({ state }) => state).sort()).toEqual(['done', 'gone']);
    expect(await shop.totals()).toEqual({ 1: 6, 2: 30 });
  });

  it('two at once never drop what only came to the front by the first', async () => {
    shop.mood = failsAt(3, 5);
    await shop.projector().handle(batch(log));
    const at = { source: 'shop', position: 3 };
    const both = Promise.all([shop.parked.drop(at, 'why', 'An'), shop.parked.drop(at, 'why', 'Bình')]);
    await eventually(async () => {
      expect((await shop.pool.query('SELECT 1 FROM shop.parked_request')).rowCount).toBe(2);
    });
    await shop.projector().parkedWork.carryOut();
    expect((await both).map(({ state }) => state).sort()).toEqual(['failing', 'gone']);
    expect((await shop.aside()).map(({ position }) => position)).toEqual([5, 7]);
  });

  it('is told that it waits while the reader does not run; it is carried out when it does', async () => {
    shop.mood = failsAt(3);
    const projector = shop.projector();
    await projector.handle(batch(log));
    shop.mood = failsAt();
    const hasty = new ParkedEvents(shop.pool, { name: 'tabs', schema: 'shop' }, 100);
    expect(await hasty.retry(one, 'An')).toMatchObject({ state: 'pending', applied: 0 });
    await projector.parkedWork.carryOut();
    expect(await shop.aside()).toEqual([]);
    expect(await shop.totals()).toEqual({ 1: 7, 2: 30 });
  });

  it('retries every stream at once, and is told how many are done, and how many wait', async () => {
    expect(await shop.parked.retryAll('An')).toEqual({
      streams: { done: 0, failing: 0, gone: 0, pending: 0 },
      applied: 0,
      remaining: 0,
    });
    shop.mood = failsAt(3, 4);
    const projector = shop.projector();
    await projector.handle(batch(log));
    shop.mood = failsAt(6);
    const hasty = new ParkedEvents(shop.pool, { name: 'tabs', schema: 'shop' }, 100);
    const asked = { done: 0, failing: 0, gone: 0, pending: 2 };
    expect(await hasty.retryAll('An')).toEqual({ streams: asked, applied: 0, remaining: 5 });
    await projector.parkedWork.carryOut();
    expect(await shop.totals()).toEqual({ 1: 7, 2: 10 });
    shop.mood = failsAt();
    expect(await carriedOut(projector, shop.parked.retryAll('An'))).toEqual({
      streams: { done: 1, failing: 0, gone: 0, pending: 0 },
      applied: 1,
      remaining: 0,
    });
    expect(await shop.totals()).toEqual({ 1: 7, 2: 30 });
  });

  it('of many requests, as many are carried out as there is time for; the others wait', async () => {
    shop.mood = failsAt(3, 4);
    const projector = shop.projector();
    await projector.handle(batch(log));
    shop.mood = failsAt();
    const asked = shop.parked.retryAll('An');
    await eventually(async () => {
      const { rowCount } = await shop.pool.query('SELECT 1 FROM shop.parked_request');
      expect(rowCount).toBe(2);
    });
    let time = 1;
    expect(await projector.parkedWork.carryOut(() => time-- > 0)).toBe(true);
    expect(new Set((await shop.parked.list(10)).map(({ streamId }) => streamId)).size).toBe(1);
    expect(await projector.parkedWork.carryOut()).toBe(false);
    expect(await asked).toMatchObject({ streams: { done: 2 }, applied: 5, remaining: 0 });
  });

  it('pages through what is parked, and counts it', async () => {
    shop.mood = failsAt(3, 4);
    await shop.projector().handle(batch(log));
    expect(await shop.parked.count()).toBe(5);
    const first = await shop.parked.list(3);
    const rest = await shop.parked.list(3, first.at(-1));
    expect([...first, ...rest].map(({ position }) => position)).toEqual([3, 4, 5, 6, 7]);
    const [of, behind] = [await shop.parked.list(2, undefined, one), await shop.parked.count(one)];
    const last = await shop.parked.list(2, of.at(-1), one);
    expect([...of, ...last].map(({ version, data }) => [version, data])).toEqual(
      [3, 5, 7].map((position) => [log[position - 1]!.version, log[position - 1]!.data]),
    );
    expect([behind, await shop.parked.count(one, of.at(-1))]).toEqual([3, 1]);
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
      await shop.reset();
      const open = new Set<number>();
      const events = delivered(
        steps.map(({ tab: n, amount }, at) => {
          const tab = tabId(n);
          if (open.has(n)) return [at, Added({ tab, amount })] as const;
          open.add(n);
          return [at, Opened({ tab, note: null })] as const;
        }),
      );
      shop.mood = failsAt(...bad);
      const projector = shop.projector();
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
      expect(await shop.totals()).toEqual(expected);
      // Mended and retried, nothing was lost.
      shop.mood = failsAt();
      for (const stream of blocked) await carriedOut(projector, shop.parked.retry(stream, 'An'));
      expect(await shop.aside()).toEqual([]);
      const after = await shop.everything();
      await shop.reset();
      await shop.projector().handle(batch(events));
      expect(after).toEqual(await shop.everything());
    }),
    { numRuns: 25 },
  );
}, 60_000);
