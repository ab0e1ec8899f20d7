import { eventually } from '@loa/testing';
import type { DeliveredEvent } from '@loa/transport';
import pg from 'pg';
import { failsAt, parkingLog as log, ParkingShop } from './parking.fixtures.js';
import { MOST_PARKED_STREAMS, TooManyParked } from './parking.js';
import { Added, batch, Closed, delivered, Opened, tabId } from './projector.fixtures.js';
import type { Projector } from './projector.js';

let shop: ParkingShop;
beforeAll(async () => {
  shop = await ParkingShop.open();
});
beforeEach(() => shop.reset());
afterAll(() => shop.close());

const one = tabId(1);
const error = 'TypeError: no such shelf';
const stands = async (projector: Projector) => (await projector.checkpoints())[0]?.position;

describe('an event that a projection throws at', () => {
  it('is parked with what follows in its stream; the other streams and the checkpoint go on', async () => {
    shop.mood = failsAt(3);
    const projector = shop.projector();
    await projector.handle(batch(log));
    expect(await shop.totals()).toEqual({ 1: 0, 2: 30 });
    expect(await shop.aside()).toEqual([
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
    expect(shop.notices).toMatchObject([
      { kind: 'parked', position: 3, error },
      { kind: 'parked', position: 5, error: undefined },
      { kind: 'parked', position: 7, error: undefined },
    ]);
  });

  it('keeps the later batches of its stream back as well, also those of another process', async () => {
    shop.mood = failsAt(3);
    await shop.projector().handle(batch(log.slice(0, 4)));
    shop.mood = failsAt();
    await shop.projector().handle(batch(log.slice(4)));
    expect(await shop.totals()).toEqual({ 1: 0, 2: 30 });
    expect((await shop.aside()).map(({ position }) => position)).toEqual([3, 5, 7]);
  });

  it('keeps them back from a process that waited for the lock while it was parked', async () => {
    shop.mood = failsAt(3);
    await shop.projector().handle(batch(log.slice(0, 1)));
    const other = new pg.Client({ connectionString: shop.owner });
    await other.connect();
    try {
      await other.query('BEGIN; SELECT 1 FROM shop.checkpoint FOR UPDATE');
      const handled = [shop.projector(), shop.projector(), shop.projector()].map((each) =>
        each.handle(batch(log)),
      );
      await eventually(async () =>
        expect(
          (
            await shop.pool.query(
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
    expect(await shop.totals()).toEqual({ 1: 0, 2: 30 });
    expect((await shop.aside()).map(({ position }) => position)).toEqual([3, 5, 7]);
  });

  it('is applied when it fails twice and then no more', async () => {
    let failures = 0;
    shop.mood = (position) => {
      if (position === 3 && ++failures <= 2) throw new TypeError('no such shelf');
    };
    const projector = shop.projector();
    await projector.handle(batch(log));
    expect(failures).toBe(3);
    expect(await shop.aside()).toEqual([]);
    expect(await shop.totals()).toEqual({ 1: 7, 2: 30 });
  });

  it('is not parked while it fails now one way and now another: the batch comes again', async () => {
    let failures = 0;
    shop.mood = (position) => {
      if (position === 3) throw failures++ % 2 === 0 ? new TypeError('this') : new RangeError('that');
    };
    const projector = shop.projector();
    await expect(projector.handle(batch(log))).rejects.toThrow('position 3 (shop.Added) fails now as');
    expect(await shop.aside()).toEqual([]);
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
    shop.mood = failsAt(...poison);
    await shop.projector().handle(batch(many));
    expect((await shop.aside()).map(({ position, why }) => [position, why])).toEqual([
      [3, 'failed'],
      [4, 'behind'],
      [420, 'failed'],
      [421, 'failed'],
      [422, 'behind'],
      [998, 'failed'],
    ]);
    const broken = await shop.everything();
    await shop.reset();
    shop.mood = failsAt();
    const bad = many.filter(({ position }) => poison.includes(position));
    const spared = many.filter(
      (event) =>
        !bad.some(({ streamId, version }) => streamId === event.streamId && version <= event.version),
    );
    await shop.projector().handle(batch(relinked(spared)));
    expect(broken).toEqual(await shop.everything());
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
    await shop.projector().handle(batch(spoiled(spoil)));
    const [failed, ...behind] = await shop.aside();
    expect(failed).toMatchObject({ position: 3, why: 'failed', error: expect.stringContaining(words) });
    expect(failed!.error).not.toContain('0912');
    expect(behind.map(({ position }) => position)).toEqual([5, 7]);
    expect(await shop.totals()).toEqual({ 1: 0, 2: 30 });
  });

  it('a broken constraint, told with its name', async () => {
    await shop.asOwner('ALTER TABLE shop.tab ADD CONSTRAINT cheap CHECK (total < 25)');
    try {
      await shop.projector().handle(batch(log));
      expect(await shop.aside()).toEqual([
        {
          position: 6,
          why: 'failed',
          attempts: 3,
          error: 'PostgreSQL refused a row: 23514 (table tab, constraint cheap)',
        },
      ]);
      expect(await shop.totals()).toEqual({ 1: 7, 2: 10 });
    } finally {
      await shop.asOwner('ALTER TABLE shop.tab DROP CONSTRAINT cheap');
    }
  });
});

describe('what is no fault of an event', () => {
  it('a table that is missing stops the reader, and nothing is parked', async () => {
    await shop.asOwner('ALTER TABLE shop.tab RENAME TO elsewhere');
    try {
      await expect(shop.projector().handle(batch(log))).rejects.toThrow('does not exist');
      expect(await shop.aside()).toEqual([]);
    } finally {
      await shop.asOwner('ALTER TABLE shop.elsewhere RENAME TO tab');
    }
    await shop.projector().handle(batch(log));
    expect(await shop.totals()).toEqual({ 1: 7, 2: 30 });
  });

  it('a thousand parked streams stop it too', async () => {
    const projector = shop.projector();
    await projector.handle(batch(log.slice(0, 2)));
    await shop.pool.query(
      `INSERT INTO shop.parked (reader, source, position, partition, stream_id, version, event_id, type, schema_version,
         data, meta, recorded_at, error, attempts, why)
       SELECT 'tabs', 'shop', 1000 + n, 0, gen_random_uuid(), 1, gen_random_uuid(), 'shop.Added', 1, '{}', '{}', now(),
              'x', 3, 'failed' FROM generate_series(1, $1::int) n`,
      [MOST_PARKED_STREAMS],
    );
    shop.mood = failsAt(3);
    await expect(projector.handle(batch(log))).rejects.toThrow(TooManyParked);
    expect(await stands(projector)).toBe(2);
    shop.mood = failsAt();
    await projector.handle(batch(log));
    expect(await shop.totals()).toEqual({ 1: 7, 2: 30 });
  });
});

describe('an event of a type', () => {
  const foreign = log.map((event) => (event.position < 3 ? event : { ...event, type: 'shop.Painted' }));

  it('that no contract declares is passed over, counted, and told once', async () => {
    const projector = shop.projector({ knownTypes: new Set([Opened.type, Added.type, Closed.type]) });
    await projector.handle(batch(foreign.slice(0, 4)));
    await projector.handle(batch(foreign));
    expect(projector.counters).toMatchObject({ unknown: 5, applied: 2, parked: 0 });
    expect(shop.notices).toEqual([
      { kind: 'unknown-type', source: 'shop', type: 'shop.Painted', position: 3 },
    ]);
    expect(await stands(projector)).toBe(7);
  });

  it('that is declared, and that no projection looks at, is none to speak of', async () => {
    const projector = shop.projector({ knownTypes: new Set([Opened.type, 'shop.Painted']) });
    await projector.handle(batch(foreign));
    expect(projector.counters.unknown).toBe(0);
    expect(shop.notices).toEqual([]);
  });
});
