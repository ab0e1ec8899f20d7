import { Shop } from './generation.fixtures.js';
import { discardGeneration, rollBack } from './rebuild-rollback.js';
import { Rebuild } from './rebuild.js';

let shop: Shop;

beforeEach(async () => {
  shop = await Shop.open();
});
afterEach(() => shop.close());

describe('a roll back', () => {
  it('brings the earlier rows up to date first; the projector goes on, also when nothing more happens', async () => {
    await shop.fill(1, 20);
    await shop.follow();
    await shop.followed();
    await new Rebuild(shop.side()).run();
    await shop.fill(100, 20);
    await shop.followed();
    await rollBack(shop.side());
    await shop.expectFoldOfLog();
    await shop.fill(200, 20);
    await shop.followed();
    await shop.expectFoldOfLog();
    expect(shop.failures).toEqual([]);
    expect(await shop.states()).toEqual([
      [1, 'shop', 'live'],
      [2, 'shop_g2', 'kept'],
    ]);
  });

  it('can be taken back, and what is kept can be discarded', async () => {
    await shop.fill(1, 5);
    await new Rebuild(shop.side()).run();
    await rollBack(shop.side());
    await rollBack(shop.side());
    await shop.expectFoldOfLog();
    await expect(discardGeneration(shop.side(), 2)).rejects.toThrow(
      'generation 2 is live: nothing to discard',
    );
    await discardGeneration(shop.side(), 1);
    expect(await shop.states()).toEqual([
      [1, 'shop_g1', 'discarded'],
      [2, 'shop', 'live'],
    ]);
    const { rows } = await shop.owner.query(`SELECT 1 FROM pg_namespace WHERE nspname = 'shop_g1'`);
    expect(rows).toEqual([]);
  });
});
