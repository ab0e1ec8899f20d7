import { eventually } from '@loa/testing';
import { wholeLog } from '@loa/event-store';
import type { ReadSide } from './generation.js';
import { refusing, Shop } from './generation.fixtures.js';
import { ParkedEvents } from './parked-events.js';
import { carriedOut } from './parking.fixtures.js';
import type { Projection } from './projection.js';
import { Added, Opened, tabId, tabs } from './projector.fixtures.js';
import { Projector } from './projector.js';
import { rollBack } from './rebuild-rollback.js';
import { Rebuild } from './rebuild.js';

let shop: Shop;

beforeEach(async () => {
  shop = await Shop.open();
});
afterEach(() => shop.close());

const tab = tabId(1);
const [opened, added] = [Opened({ tab, note: null }), (amount: number) => Added({ tab, amount })];

const strict = refusing(13);

const sideOf = (projection: Projection, changes: Partial<ReadSide> = {}) =>
  shop.side({ projections: [projection], ...changes });

const reading = (projection: Projection) =>
  new Projector(shop.pool, { name: 'tabs', sources: ['shop'], projections: [projection], schema: 'shop' });

/** Lets the live rows have all of the log. */
async function read(projection: Projection): Promise<void> {
  const log = await wholeLog(shop.store);
  const events = log.map((event) => ({ ...event, previous: event.position - 1, offset: event.position }));
  await reading(projection).handle({ source: 'shop', partition: 0, events });
}

const parked = () => new ParkedEvents(shop.pool, { name: 'tabs', schema: 'shop' }, 60_000);
const asksToDrop = (position: number) => parked().drop({ source: 'shop', position }, 'a slip', 'An');
const drop = (position: number, projection = strict) => carriedOut(reading(projection), asksToDrop(position));

async function expectLeftOut(...positions: number[]): Promise<void> {
  const { rows } = await shop.owner.query<{ position: string }>(
    'SELECT position FROM shop.dropped ORDER BY position',
  );
  expect(rows.map(({ position }) => Number(position))).toEqual(positions);
  expect(await parked().list(10)).toEqual([]);
  await shop.expectFoldOfLog();
}

/** While a rebuild is at its catch-up, something else happens. */
function rebuildWith(projection: Projection, atCatchUp: () => Promise<unknown>): Rebuild {
  let meanwhile: Promise<unknown> = Promise.resolve();
  const logs = {
    shop: {
      head: async () => {
        await meanwhile;
        return shop.store.head();
      },
      read: (after: number, limit: number) => shop.store.read(after, limit),
    },
  };
  const onStep = (step: string) => {
    if (step === 'catch-up') meanwhile = atCatchUp();
  };
  return new Rebuild(sideOf(projection, { logs }), { onStep });
}

const somebodyWaitsFor = (table: string) =>
  eventually(async () => {
    const { rows } = await shop.owner.query(
      'SELECT FROM pg_locks WHERE NOT granted AND relation = $1::regclass',
      [table],
    );
    expect(rows).toHaveLength(1);
  });

/** Drops the second event when everything has been verified: the reader is at it as the swap begins, and then is done. */
async function dropAsItSwaps(projection: Projection): Promise<unknown> {
  const gate = await shop.owner.connect();
  let dropping: Promise<unknown> = Promise.resolve();
  const rebuild = rebuildWith(projection, async () => {
    dropping = asksToDrop(2);
    await eventually(async () =>
      expect((await shop.owner.query('SELECT FROM shop.parked_request')).rows).toHaveLength(1),
    );
    await gate.query('BEGIN; LOCK TABLE shop.parked_request IN SHARE MODE');
    dropping = Promise.all([dropping, reading(strict).parkedWork.carryOut()]);
    await somebodyWaitsFor('shop.parked_request');
  });
  const outcome = rebuild.run().catch((error: unknown) => error);
  try {
    await somebodyWaitsFor('shop.parked_request');
    await somebodyWaitsFor('shop.checkpoint');
  } finally {
    await gate.query('COMMIT');
    gate.release();
  }
  await dropping;
  return outcome;
}

describe('after a roll back, what was dropped meanwhile is left out', () => {
  it.each([
    ['applies it', tabs],
    ['does not', strict],
  ])('when the earlier rows had not come to it, and this release %s', async (_, projection) => {
    await shop.append(opened);
    await read(strict);
    await new Rebuild(sideOf(strict)).run();
    await shop.append(added(13), added(1));
    await read(strict);
    await drop(2);
    await rollBack(sideOf(projection));
    await expectLeftOut(2);
  });

  it('when it is parked among the earlier rows: what stands behind it is applied', async () => {
    await shop.append(opened, added(13), added(1));
    await read(strict);
    await new Rebuild(sideOf(strict)).run();
    await drop(2);
    await rollBack(sideOf(strict));
    await expectLeftOut(2);
    await shop.append(added(2));
    await read(strict);
    await expectLeftOut(2);
  });
});

it('does not roll back to rows that contain what was dropped; a rebuild leaves it out', async () => {
  await shop.append(opened, added(13), added(1));
  await read(tabs);
  await new Rebuild(sideOf(strict)).run({ force: true });
  await drop(2);
  for (const _ of ['once', 'again']) {
    await expect(rollBack(sideOf(tabs))).rejects.toThrow(
      /1 event\(s\) were dropped that the rows of shop_g1 contain.* shop 2 \(shop.Added\). Nothing was swapped. Run a rebuild/,
    );
    await expectLeftOut(2);
  }
  await new Rebuild(sideOf(tabs)).run();
  await expectLeftOut(2);
});

describe('of an event that is dropped during a rebuild', () => {
  beforeEach(async () => {
    await shop.append(opened, added(13), added(7), added(1));
    await read(strict);
  });

  it('nothing is in the new rows when they had parked it too', async () => {
    await rebuildWith(strict, () => drop(2)).run();
    await expectLeftOut(2);
  });

  it('nothing is in the new rows when they had parked it too and the swap has begun', async () => {
    expect(await dropAsItSwaps(strict)).toMatchObject({ generation: { number: 2, state: 'live' } });
    await expectLeftOut(2);
  });

  it('the swap is refused when another stood behind it that only the new rows cannot take in', async () => {
    expect(String(await dropAsItSwaps(refusing(13, 7)))).toMatch(
      /2 event\(s\) were parked.*shop 3 \(shop.Added\): TypeError: too much. Nothing was swapped/,
    );
    await expectLeftOut(2);
  });

  it('the swap is refused when the new rows contain it, and the next run starts over', async () => {
    await expect(rebuildWith(tabs, () => drop(2)).run({ force: true })).rejects.toThrow(
      /1 event\(s\) were dropped that the rows of shop_next contain.*Nothing was swapped. Run a rebuild/,
    );
    await expectLeftOut(2);
    const steps: string[] = [];
    const onStep = (step: string, told: string) => steps.push(`${step}: ${told}`);
    await new Rebuild(sideOf(tabs), { onStep }).run();
    expect(steps[0]).toMatch(/^start-over: 1 event\(s\) were dropped/);
    await expectLeftOut(2);
    expect((await shop.states())[1]).toEqual([2, 'shop', 'live']);
  });
});

it('is no obstacle when an event that is dropped already is dropped once more', async () => {
  await shop.append(opened, added(13), added(1));
  await read(strict);
  await shop.owner.query('CREATE TABLE aside AS SELECT * FROM shop.parked');
  await drop(2);
  await shop.owner.query('INSERT INTO shop.parked SELECT * FROM aside WHERE position = 2');
  expect(await drop(2)).toMatchObject({ state: 'done', remaining: 0 });
  await expectLeftOut(2);
});
