import type { DeliveredEvent } from '@loa/transport';
import { carriedOut, failsAt, parkingLog, ParkingShop } from './parking.fixtures.js';
import {
  Added,
  batch,
  delivered,
  emptyTabs,
  Opened,
  tabId,
  tabTypes,
  unknownTo,
} from './projector.fixtures.js';

const painted = 'shop.Painted';
const types = new Set([...tabTypes, painted]);

/** Two tabs are opened; of what follows, the third, the fifth and the seventh is of a type that came later. */
const log = parkingLog.map((event) =>
  event.position > 2 && event.position % 2 === 1 ? { ...event, type: painted } : event,
);
const passedOver = { source: 'shop', type: painted, first: 3, last: 7, events: 3 };

const one = tabId(1);
const later: DeliveredEvent[] = delivered([
  [1, Opened({ tab: one, note: null })],
  [2, Added({ tab: one, amount: 1 })],
  [3, Added({ tab: one, amount: 2 })],
  [4, Added({ tab: one, amount: 4 })],
]);

let shop: ParkingShop;
beforeAll(async () => {
  shop = await ParkingShop.open();
});
beforeEach(() => shop.reset());
afterAll(() => shop.close());

const reader = (knownTypes: ReadonlySet<string> = tabTypes) => shop.projector({ knownTypes });
const unknown = () => unknownTo(shop.pool, 'shop');

/** As the owner of the tables, for as long as the work lasts. */
async function whileChanged(change: string, back: string, work: () => Promise<void>): Promise<void> {
  await shop.asOwner(change);
  try {
    await work();
  } finally {
    await shop.asOwner(back);
  }
}

describe('an event of a type that no contract declares is written down', () => {
  it('once, however often it is delivered, and whichever process it is delivered to', async () => {
    await reader().handle(batch(log.slice(0, 4)));
    expect(await unknown()).toEqual([{ ...passedOver, last: 3, events: 1 }]);
    const restarted = reader();
    await restarted.handle(batch(log));
    await restarted.handle(batch(log));
    await reader().handle(batch(log.slice(2)));
    expect(await unknown()).toEqual([passedOver]);
    expect(await shop.totals()).toEqual({ 1: 0, 2: 30 });
  });

  it('with the time of the first and of the last', async () => {
    await reader().handle(batch(log.slice(0, 4)));
    await shop.asOwner(
      `UPDATE shop.unknown_type SET first_seen_at = '2022-04-18T00:00Z', last_seen_at = '2022-04-18T00:00Z'`,
    );
    await reader().handle(batch(log));
    const { rows } = await shop.pool.query(
      `SELECT first_seen_at = '2022-04-18T00:00Z' AS first, last_seen_at > now() - interval '1 hour' AS last
         FROM shop.unknown_type`,
    );
    expect(rows).toEqual([{ first: true, last: true }]);
  });

  it('not when its batch is undone', async () => {
    const constraint = 'ALTER TABLE shop.checkpoint ADD CONSTRAINT stuck CHECK (position < 7)';
    await whileChanged(constraint, 'ALTER TABLE shop.checkpoint DROP CONSTRAINT stuck', async () => {
      await expect(reader().handle(batch(log))).rejects.toThrow('stuck');
      expect(await unknown()).toEqual([]);
    });
    await reader().handle(batch(log));
    expect(await unknown()).toEqual([passedOver]);
  });

  it('beside one that is parked', async () => {
    shop.mood = failsAt(4);
    await reader().handle(batch(log));
    expect((await shop.aside()).map(({ position }) => position)).toEqual([4, 6]);
    expect(await unknown()).toEqual([passedOver]);
  });

  it('not when an operator has left it out', async () => {
    shop.mood = failsAt(3);
    await reader(types).handle(batch(parkingLog.slice(0, 3)));
    await carriedOut(reader(types), shop.parked.drop({ source: 'shop', position: 3 }, 'a slip', 'An'));
    const { rows } = await shop.pool.query('SELECT * FROM shop.dropped');
    await emptyTabs(shop.pool);
    await shop.pool.query(
      'INSERT INTO shop.dropped SELECT * FROM json_populate_recordset(NULL::shop.dropped, $1)',
      [JSON.stringify(rows)],
    );
    await reader().handle(batch(log));
    expect(await unknown()).toEqual([{ ...passedOver, first: 5, events: 2 }]);
  });

  it('so that no partition waits for another', async () => {
    await reader().handle(batch(log));
    const other = await shop.pool.connect();
    try {
      // A reader that waited would wait for the end of this session.
      await other.query(`BEGIN; SET LOCAL idle_in_transaction_session_timeout = '20s'`);
      await other.query('SELECT 1 FROM shop.unknown_type FOR UPDATE');
      await reader().handle({ ...batch(log), partition: 1 });
      await other.query('ROLLBACK');
    } finally {
      other.release(true);
    }
    expect(await unknown()).toEqual([{ ...passedOver, events: 6 }]);
  });
});

it('nothing is written, nor asked, when every type is declared', async () => {
  const hidden = 'ALTER TABLE shop.unknown_type RENAME TO elsewhere';
  await whileChanged(hidden, 'ALTER TABLE shop.elsewhere RENAME TO unknown_type', async () => {
    await reader(types).handle(batch(log));
    await expect(reader().handle({ ...batch(log), partition: 1 })).rejects.toThrow('does not exist');
  });
  expect(await unknown()).toEqual([]);
});

describe('an event of an unknown type behind one that is parked', () => {
  const mixed = later.map((event) => (event.position === 3 ? { ...event, type: painted } : event));

  it.each([
    ['in the same batch', [mixed]],
    ['in a later one', [mixed.slice(0, 2), mixed.slice(2)]],
  ])('waits there with the others of its stream, %s', async (_, batches) => {
    shop.mood = failsAt(2);
    for (const events of batches) await reader().handle(batch(events));
    expect((await shop.aside()).map(({ position, why }) => [position, why])).toEqual([
      [2, 'failed'],
      [3, 'behind'],
      [4, 'behind'],
    ]);
    expect(await unknown()).toEqual([]);
    shop.mood = failsAt();
    expect(await carriedOut(reader(), shop.parked.retry(one, 'An'))).toMatchObject({
      state: 'failing',
      applied: 1,
    });
    expect(await carriedOut(reader(types), shop.parked.retry(one, 'An'))).toMatchObject({
      state: 'done',
      applied: 2,
    });
    expect(await unknown()).toEqual([]);
    expect(await shop.totals()).toEqual({ 1: 5 });
  });
});

describe('an event that a newer release has parked', () => {
  it('is not taken for applied by one that does not know its type: it stays parked, and says so', async () => {
    shop.mood = failsAt(2);
    await reader().handle(batch(later));
    shop.mood = failsAt();
    await shop.asOwner(`UPDATE shop.parked SET type = '${painted}' WHERE position = 2`);
    expect(await carriedOut(reader(), shop.parked.retry(one, 'An'))).toMatchObject({ state: 'failing' });
    expect(await shop.aside()).toMatchObject([
      {
        position: 2,
        error: expect.stringMatching(/^UnknownType: .* declares shop\.Painted: deploy the release/),
      },
      { position: 3 },
      { position: 4 },
    ]);
    await shop.asOwner(`UPDATE shop.parked SET type = '${Added.type}' WHERE position = 2`);
    expect(await carriedOut(reader(), shop.parked.retry(one, 'An'))).toMatchObject({ state: 'done' });
    expect(await shop.totals()).toEqual({ 1: 7 });
  });
});
