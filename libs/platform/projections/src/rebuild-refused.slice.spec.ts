import { HoleInLog } from './generation-feed.js';
import { Shop } from './generation.fixtures.js';
import { when } from './projection.js';
import { Added, tabs } from './projector.fixtures.js';
import { rollBack } from './rebuild-rollback.js';
import { Rebuild } from './rebuild.js';

let shop: Shop;

beforeEach(async () => {
  shop = await Shop.open();
});
afterEach(() => shop.close());

describe('a swap is refused, and nothing is changed,', () => {
  it('over a hole in the log', async () => {
    await shop.fill(1, 10);
    const logs = {
      shop: {
        head: () => shop.store.head(),
        read: async (from: number, limit: number) =>
          (await shop.store.read(from, limit)).filter(({ position }) => position !== 8),
      },
    };
    const before = await shop.rows('shop');
    const rebuild = () => new Rebuild(shop.side({ logs })).run({ force: true, patienceMs: 0 });
    await expect(rebuild()).rejects.toThrow(HoleInLog);
    await expect(rebuild()).rejects.toThrow('no event at position 8, the next one is at 9');
    expect(await shop.rows('shop')).toEqual(before);
  });

  it('when events are parked that the live rows contain, unless it is forced', async () => {
    await shop.fill(1, 10);
    await shop.follow();
    await shop.followed();
    const [type, refusing] = when(Added, ({ amount }) => {
      if (amount > 9) throw new Error('too much');
      return [];
    });
    const strict = { ...tabs, handlers: new Map([...tabs.handlers, [type.type, refusing] as const]) };
    const side = shop.side({ projections: [strict], code: 'strict' });
    await expect(new Rebuild(side).run()).rejects.toThrow(
      /3 event\(s\) were parked.*shop 29.*too much.*Nothing was swapped/,
    );
    expect((await shop.states())[0]).toEqual([1, 'shop', 'live']);
    await shop.expectFoldOfLog();
    await new Rebuild(side).run({ force: true });
    expect((await shop.states())[1]).toEqual([2, 'shop', 'live']);
  });

  it('when a migration has changed the live tables meanwhile', async () => {
    await shop.fill(1, 10);
    let altered: Promise<unknown> = Promise.resolve();
    const side = shop.side();
    const read = async (after: number, limit: number) => {
      await altered;
      return shop.store.read(after, limit);
    };
    const rebuild = new Rebuild(
      { ...side, logs: { shop: { head: () => shop.store.head(), read } } },
      {
        onStep: (step) => {
          // The catch-up reads the log, and so does not go on before the table is another one.
          if (step === 'catch-up') altered = shop.owner.query('ALTER TABLE shop.tab ADD COLUMN colour text');
        },
      },
    );
    const outcome = rebuild.run({ patienceMs: 0 });
    await expect(outcome).rejects.toThrow('the tables of shop_next are not those of shop: - tab.colour text');
    expect((await shop.states())[0]).toEqual([1, 'shop', 'live']);
  });

  it('to an earlier generation that has other tables, or that is not there', async () => {
    await shop.fill(1, 10);
    await expect(rollBack(shop.side())).rejects.toThrow('no earlier generation is kept');
    await new Rebuild(shop.side()).run();
    await expect(rollBack(shop.side(), { number: 7 })).rejects.toThrow(
      'generation 7 is not kept; kept are: 1',
    );
    await shop.owner.query('ALTER TABLE shop.tab ADD COLUMN colour text');
    await expect(rollBack(shop.side())).rejects.toThrow('A migration has changed the tables since');
  });

  it('when the reader is handed more partitions than was said', async () => {
    await shop.fill(1, 10);
    const [first] = await shop.store.read(0, 1);
    await shop.projector.handle({
      source: 'shop',
      partition: 3,
      events: [{ ...first!, previous: 0, offset: 0 }],
    });
    await expect(new Rebuild(shop.side()).run()).rejects.toThrow('tabs reads shop in more than 1 partition');
  });
});
