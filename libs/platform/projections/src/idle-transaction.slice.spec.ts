import { freshDatabase, openIdleTransaction } from '@loa/testing';
import { checkDrift } from './drift-check.js';
import { Shop } from './generation.fixtures.js';
import { Rebuild } from './rebuild.js';

describe('a transaction that stands idle', () => {
  let shop: Shop;
  beforeEach(async () => {
    shop = await Shop.open();
  });
  afterEach(() => shop.close());

  it.each([
    [
      'in another database of the server',
      async () => (await freshDatabase('elsewhere', { migrations: [] })).owner,
    ],
    ['over another table of the same database', async () => shop.access.owner],
  ])('%s holds up neither appends nor rows, nor a rebuild, nor a drift check', async (_, where) => {
    await shop.fill(1, 10);
    const idle = await openIdleTransaction(await where());
    try {
      await shop.fill(11, 10);
      await shop.follow();
      await shop.followed();
      expect(await checkDrift(shop.side())).toMatchObject({ differences: 0, positions: { shop: 62 } });
      await shop.owner.query('UPDATE shop.tab SET total = total + 1');
      const { comparison } = await new Rebuild(shop.side()).run();
      expect(comparison?.differences).toBe(18);
      await shop.expectFoldOfLog();
    } finally {
      await idle.end();
    }
  });
});
