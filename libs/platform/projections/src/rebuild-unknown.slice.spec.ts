import { wholeLog } from '@loa/event-store';
import { EVENT_PARTITIONS, partitionOf } from '@loa/transport';
import { randomUUID } from 'node:crypto';
import { checkDrift } from './drift-check.js';
import { Shop } from './generation.fixtures.js';
import type { ReadSide } from './generation.js';
import { Opened, tabId, tabs, tabTypes, unknownTo } from './projector.fixtures.js';
import { Projector } from './projector.js';
import { rollBack } from './rebuild-rollback.js';
import { Rebuild } from './rebuild.js';

const painted = 'shop.Painted';
const newer = new Set([...tabTypes, painted]);

let shop: Shop;
beforeEach(async () => {
  shop = await Shop.open();
});
afterEach(() => shop.close());

/** So many tabs are opened and painted, which only the newer release has a word for. */
async function paint(from: number, count: number): Promise<void> {
  for (let n = from; n < from + count; n += 1) {
    await shop.append(Opened({ tab: tabId(n), note: null }));
    const event = { eventId: randomUUID(), type: painted, schemaVersion: 1, data: '{}', meta: '{}' };
    await shop.store.append({ streamId: tabId(n), expected: 'any', events: [event] });
  }
}

const reader = (knownTypes: ReadonlySet<string>) =>
  new Projector(shop.pool, {
    name: 'tabs',
    sources: ['shop'],
    projections: [tabs],
    schema: 'shop',
    knownTypes,
  });

/** Lets the live rows have all of the log, as one partition. */
async function read(knownTypes: ReadonlySet<string> = tabTypes): Promise<void> {
  const log = await wholeLog(shop.store);
  const events = log.map((event) => ({ ...event, previous: event.position - 1, offset: event.position }));
  await reader(knownTypes).handle({ source: 'shop', partition: 0, events });
}

const live = () => unknownTo(shop.owner, 'shop');
/** What the rows lack that were live before the first rebuild. */
const kept = () => unknownTo(shop.owner, 'shop_g1');
const passedOver = (events: number) => [
  { source: 'shop', type: painted, first: 2, last: 2 * events, events },
];

it('a rebuild by a release that knows the type leaves nothing of it; a roll back brings it back', async () => {
  await paint(1, 3);
  await read();
  const side = shop.side({ knownTypes: newer });
  await new Rebuild(side).run();
  expect(await live()).toEqual([]);
  await paint(4, 2);
  await read(newer);
  await rollBack(side);
  // Since then the newer release has caught up with these rows: what it knows is no gap of them.
  expect(await live()).toEqual(passedOver(3));
  await shop.expectFoldOfLog();
});

it.each([
  ['over the log', 1],
  ['over Kafka', EVENT_PARTITIONS],
])(
  'a rebuild by one that does not counts the same anew, %s, and so does a roll back',
  async (_, partitions) => {
    const side = shop.side({ partitions });
    const all = Array.from({ length: EVENT_PARTITIONS }, (_one, partition) => partition);
    const readOn = () => (partitions === 1 ? read() : shop.carry(all, () => 0, reader(tabTypes)));
    await paint(1, 5);
    await readOn();
    expect(await live()).toEqual(passedOver(5));
    await new Rebuild(side).run();
    expect(await live()).toEqual(passedOver(5));
    await paint(6, 5);
    await readOn();
    expect(await live()).toEqual(passedOver(10));
    await paint(11, 5);
    await rollBack(side);
    expect(await live()).toEqual(passedOver(15));
    await readOn();
    expect(await live()).toEqual(passedOver(15));
  },
);

it('an interrupted rebuild counts nothing twice when it goes on', async () => {
  await paint(1, 5);
  await read();
  const { store } = shop;
  let away = false;
  const onStep = (step: string) => void (away ||= step === 'catch-up');
  const head = () => (away ? Promise.reject(new Error('away')) : store.head());
  const logs: ReadSide['logs'] = { shop: { head, read: (...stretch) => store.read(...stretch) } };
  await expect(new Rebuild(shop.side({ logs }), { onStep }).run()).rejects.toThrow('away');
  expect(await unknownTo(shop.owner, 'shop_next')).toEqual(passedOver(5));
  expect(await new Rebuild(shop.side()).run()).toMatchObject({ continued: true });
  expect(await live()).toEqual(passedOver(5));
});

it('a drift check says how many events the rows lack, and changes nothing of it', async () => {
  await paint(1, 3);
  await read();
  for (const knownTypes of [tabTypes, newer])
    expect(await checkDrift(shop.side({ knownTypes }))).toMatchObject({ differences: 0, leftOut: 3 });
  expect(await live()).toEqual(passedOver(3));
});

describe('a release that does not know a type, beside live rows of a newer one', () => {
  const refused =
    /does not know shop\.Painted \(shop, from position 2 on\).*Nothing was swapped\. Use "loa" of the release/;
  const unknown = /does not know shop\.Painted/;

  it('swaps no rows in that lack its events, unless it is forced to', async () => {
    await paint(1, 3);
    await read(newer);
    await expect(new Rebuild(shop.side()).run()).rejects.toThrow(refused);
    expect(await live()).toEqual([]);
    await new Rebuild(shop.side()).run({ force: true });
    expect(await live()).toEqual(passedOver(3));
  });

  it('does not take what only lies beyond the live rows for theirs', async () => {
    await shop.append(Opened({ tab: tabId(9), note: null }));
    await read(newer);
    await paint(1, 3);
    await new Rebuild(shop.side()).run();
    expect(await live()).toMatchObject([{ type: painted, events: 3 }]);
  });

  it('brings no earlier rows back without them, unless it is forced to', async () => {
    await paint(1, 3);
    await read(newer);
    await new Rebuild(shop.side({ knownTypes: newer })).run();
    await paint(4, 2);
    await read(newer);
    await expect(rollBack(shop.side())).rejects.toThrow(unknown);
    expect([await live(), await kept()]).toEqual([[], []]);
    await rollBack(shop.side(), { force: true });
    expect(await live()).toMatchObject([{ type: painted, events: 2 }]);
  });

  it('nor when the first of them is recorded and read while it brings the rows up to date', async () => {
    await shop.fill(1, 3);
    await read(newer);
    await new Rebuild(shop.side({ knownTypes: newer })).run();
    const { store } = shop;
    let looked = false;
    const head = async () => {
      if (looked) {
        looked = false;
        await paint(4, 1);
        await read(newer);
      }
      return store.head();
    };
    const logs: ReadSide['logs'] = { shop: { head, read: (...stretch) => store.read(...stretch) } };
    const onStep = (step: string) => void (looked ||= step === 'catch-up');
    await expect(rollBack(shop.side({ logs }), {}, { onStep })).rejects.toThrow(unknown);
    expect(await live()).toEqual([]);
    await shop.expectFoldOfLog();
    // The rows that were kept are on record as lacking it by now: no more reason to bring them back.
    expect(await kept()).toMatchObject([{ type: painted, events: 1 }]);
    await expect(rollBack(shop.side())).rejects.toThrow(unknown);
    await rollBack(shop.side(), { force: true });
    expect(await live()).toMatchObject([{ type: painted, events: 1 }]);
  });

  it('nor rows that had only not come as far in the partition of such an event', async () => {
    await shop.fill(1, 3);
    await paint(4, 1);
    await shop.fill(5, 20);
    const lagging = partitionOf(tabId(4), EVENT_PARTITIONS);
    const others = Array.from({ length: EVENT_PARTITIONS }, (_, one) => one).filter((one) => one !== lagging);
    await shop.carry(others, () => 0, reader(newer));
    const partitions = EVENT_PARTITIONS;
    await new Rebuild(shop.side({ knownTypes: newer, partitions })).run({ patienceMs: 0 });
    await expect(rollBack(shop.side({ partitions }))).rejects.toThrow(unknown);
    expect([await live(), await kept()]).toEqual([[], []]);
  });
});
