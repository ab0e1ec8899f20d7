import { eventually } from '@loa/testing';
import pg from 'pg';
import { Shop } from './generation.fixtures.js';
import type { Progress, Step } from './generation.js';
import { Added, delivered, Opened, second, tabId, tabTable } from './projector.fixtures.js';
import { rollBack } from './rebuild-rollback.js';
import { Rebuild } from './rebuild.js';
import { overTables } from './table-sql.js';

let shop: Shop;

beforeEach(async () => {
  shop = await Shop.open();
});
afterEach(() => shop.close());

describe('a rebuild', () => {
  it('puts rows made anew in the place of those that drifted, and keeps the old ones', async () => {
    await shop.fill(1, 40);
    await shop.follow();
    await shop.followed();
    await shop.owner.query(`UPDATE shop.tab SET total = total + 1 WHERE tab = $1`, [tabId(7)]);
    const steps: Step[] = [];
    const seen: Progress[] = [];
    const rebuilt = await new Rebuild(shop.side(), {
      onStep: (step) => steps.push(step),
      onProgress: (progress) => seen.push(progress),
    }).run();
    await shop.expectFoldOfLog();
    expect(steps).toEqual(['create', 'read', 'index', 'compare', 'catch-up', 'swap']);
    expect(seen.at(-1)).toMatchObject({ source: 'shop', position: 124, head: 124, ratio: 1, etaSeconds: 0 });
    expect(rebuilt).toMatchObject({
      continued: false,
      comparison: {
        differences: 1,
        examples: [{ table: 'tab', kind: 'altered', key: { tab: tabId(7) }, columns: ['total'] }],
        positions: { shop: 124 },
      },
      generation: {
        number: 2,
        state: 'live',
        schemaName: 'shop',
        code: 'one',
        positions: { shop: 124 },
        events: 124,
        rows: 36 + 40 + 40,
        differences: 1,
        progress: 1,
      },
    });
    expect(await shop.states()).toEqual([
      [1, 'shop_g1', 'kept'],
      [2, 'shop', 'live'],
    ]);
    const { rows } = await shop.owner.query(`SELECT total FROM shop_g1.tab WHERE tab = $1`, [tabId(7)]);
    expect(rows).toEqual([{ total: 9 }]);
  });

  it('makes tables with the same columns, keys, indexes, options, comments and rights', async () => {
    await shop.fill(1, 3);
    const described = async () =>
      (
        await shop.owner.query(
          `SELECT c.relname, c.relkind, c.reloptions, obj_description(c.oid) AS comment, c.relacl::text AS acl,
                  CASE WHEN c.relkind = 'i' THEN replace(pg_get_indexdef(c.oid), 'shop.', '') END AS index,
                  (SELECT json_agg(json_build_array(attname, atttypid, attnotnull, attidentity) ORDER BY attnum)
                     FROM pg_attribute WHERE attrelid = c.oid AND attnum > 0) AS columns
             FROM pg_class c WHERE c.relnamespace = 'shop'::regnamespace ORDER BY c.relname`,
        )
      ).rows;
    const rights = async () =>
      (await shop.owner.query(`SELECT nspacl::text FROM pg_namespace WHERE nspname = 'shop'`)).rows;
    const before = [await described(), await rights()];
    await new Rebuild(shop.side()).run();
    expect([await described(), await rights()]).toEqual(before);
  });

  it('goes on under appends and questions: no question fails, none is answered with less than before', async () => {
    await shop.fill(1, 200);
    await shop.follow();
    await shop.followed();
    const reader = new pg.Pool({ connectionString: shop.access.runtime, max: 4 });
    const wrong: unknown[] = [];
    let asked = 0;
    let over = false;
    let latest = 0;
    const text = overTables('SELECT count(*)::int AS count, sum(total)::int AS sum FROM tab', {
      schema: 'shop',
      tables: [tabTable],
    });
    const ask = async () => {
      // Each session prepares the statement once and has it planned before the swap.
      while (!over) {
        const atLeast = latest;
        try {
          const { rows } = await reader.query<{ count: number; sum: number }>({ name: 'sum', text });
          asked += 1;
          if (rows[0]!.sum < atLeast) wrong.push(['went back', rows[0]!.sum, atLeast]);
          latest = Math.max(latest, rows[0]!.sum);
        } catch (error) {
          wrong.push(error);
        }
      }
    };
    const write = async () => {
      for (let n = 1_000; !over; n += 1) {
        await shop.append(Opened({ tab: tabId(n), note: null }));
        await shop.append(Added({ tab: tabId(n), amount: 2 }));
      }
    };
    const busy = [ask(), ask(), ask(), write(), write()];
    try {
      for (const code of ['one', 'two', 'three']) {
        const { heldMs, comparison } = await new Rebuild(shop.side({ code })).run();
        expect(comparison?.differences).toBe(0);
        expect(heldMs).toBeLessThan(5_000);
        const before = asked;
        await eventually(() => expect(asked).toBeGreaterThan(before + 20));
      }
      await rollBack(shop.side());
    } finally {
      over = true;
      await Promise.all(busy);
      await reader.end();
    }
    await shop.followed();
    expect(wrong).toEqual([]);
    expect(shop.failures).toEqual([]);
    await shop.expectFoldOfLog();
    expect(await shop.states()).toEqual([
      [1, 'shop_g1', 'kept'],
      [2, 'shop_g2', 'kept'],
      [3, 'shop', 'live'],
      [4, 'shop_g4', 'kept'],
    ]);
  });

  it('is refused while another one is under way, and says so', async () => {
    await shop.fill(1, 10);
    let second: Promise<unknown> | undefined;
    const first = new Rebuild(shop.side(), {
      onStep: (step) => {
        if (step === 'read') second = new Rebuild(shop.side()).run().catch((error: unknown) => error);
      },
    }).run();
    await first;
    expect(String(await second)).toMatch(
      /a rebuild, a swap or a drift check of shop is under way since .*session \d+/,
    );
    expect(await shop.states()).toEqual([
      [1, 'shop_g1', 'kept'],
      [2, 'shop', 'live'],
    ]);
  });
});

it('live rows that lie far behind are neither waited for nor compared with', async () => {
  const log = delivered(
    Array.from({ length: 10_001 }, (_, n) => [n, Opened({ tab: tabId(n), note: null })] as const),
  );
  const logs = {
    shop: {
      head: async () => log.length,
      read: async (from: number, limit: number) => log.slice(from, from + limit),
    },
  };
  const { comparison, generation } = await new Rebuild(shop.side({ logs })).run();
  expect(comparison).toBeUndefined();
  expect(generation).toMatchObject({ rows: 20_002, differences: null, positions: { shop: 10_001 } });
});

it('a log recorded at known instants gives the same history', async () => {
  await shop.fill(1, 5);
  await shop.follow();
  await shop.followed();
  const instant = (
    await shop.owner.query<{ at: string }>(`SELECT max(recorded_from)::text AS at FROM shop.tab_history`)
  ).rows[0]!.at;
  const asOf = overTables('SELECT tab, total FROM tab ORDER BY tab', {
    schema: 'shop',
    tables: [tabTable],
    asOf: '$1',
  });
  const before = (await shop.pool.query(asOf, [instant])).rows;
  await new Rebuild(shop.side()).run();
  expect((await shop.pool.query(asOf, [instant])).rows).toEqual(before);
  expect((await shop.pool.query(asOf, [second(0)])).rows).toEqual([]);
});
