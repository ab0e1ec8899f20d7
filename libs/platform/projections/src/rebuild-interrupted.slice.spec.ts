import type { StoredEvent } from '@loa/event-store';
import { eventually } from '@loa/testing';
import { Shop } from './generation.fixtures.js';
import { Rebuild } from './rebuild.js';

let shop: Shop;

beforeEach(async () => {
  shop = await Shop.open();
});
afterEach(() => shop.close());

/** A log whose reading ends the session that holds the lock, as a killed process would. */
const deadlyLog = (after: number) => ({
  head: () => shop.store.head(),
  read: async (from: number, limit: number): Promise<StoredEvent[]> => {
    if (from >= after) {
      // Read ahead: what came before is still being written.
      await eventually(async () => {
        const { rows } = await shop.owner.query(
          'SELECT max(position)::int AS reached FROM shop_next.checkpoint',
        );
        expect(rows).toEqual([{ reached: after }]);
      });
      await shop.owner.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
          WHERE application_name = 'loa-generations' AND datname = current_database()`,
      );
      throw new Error('killed');
    }
    return shop.store.read(from, Math.min(limit, after - from));
  },
});

/** The server may take a moment to see that a session has ended. */
const sessionsEnded = () =>
  eventually(async () => {
    const { rows } = await shop.owner.query(
      `SELECT 1 FROM pg_stat_activity WHERE application_name = 'loa-generations' AND datname = current_database()`,
    );
    expect(rows).toEqual([]);
  });

describe('a rebuild that was killed', () => {
  const interrupted = async (code = 'one') => {
    await shop.fill(1, 40);
    await shop.follow();
    await shop.followed();
    await expect(new Rebuild(shop.side({ code, logs: { shop: deadlyLog(50) } })).run()).rejects.toThrow();
    await sessionsEnded();
    expect((await shop.states()).at(-1)).toEqual([2, 'shop_next', 'building']);
  };

  it('is gone on with where it stopped', async () => {
    await interrupted();
    const steps: unknown[] = [];
    const { continued } = await new Rebuild(shop.side(), { onStep: (...step) => steps.push(step) }).run();
    expect(continued).toBe(true);
    expect(steps[0]).toEqual(['continue', '{"shop":50}']);
    await shop.expectFoldOfLog();
    expect(await shop.states()).toEqual([
      [1, 'shop_g1', 'kept'],
      [2, 'shop', 'live'],
    ]);
  });

  it('is begun anew when the code is another one, when it is asked to, or when the tables have changed', async () => {
    await interrupted();
    const begun = async (code: string, startOver: boolean) => {
      const steps: unknown[] = [];
      const side = shop.side({ code, logs: { shop: deadlyLog(60) } });
      await expect(
        new Rebuild(side, { onStep: (...step) => steps.push(step) }).run({ startOver }),
      ).rejects.toThrow();
      await sessionsEnded();
      return steps[0];
    };
    expect(await begun('two', false)).toEqual(['start-over', 'it was begun with the code one']);
    expect(await begun('two', true)).toEqual(['start-over', 'as asked']);
    await shop.owner.query('ALTER TABLE shop.tab ADD COLUMN colour text');
    expect(await begun('two', false)).toEqual(['start-over', 'the tables have changed: - tab.colour text']);
    await new Rebuild(shop.side({ code: 'two' })).run();
    expect(await shop.states()).toEqual([
      [1, 'shop_g1', 'kept'],
      [2, 'shop', 'live'],
    ]);
  });
});
