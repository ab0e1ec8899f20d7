import { eventually } from '@loa/testing';
import fc from 'fast-check';
import { checkDrift, driftRecords } from './drift-check.js';
import { Shop } from './generation.fixtures.js';
import type { Step } from './generation.js';
import { Added, Closed, Opened, tabId } from './projector.fixtures.js';

let shop: Shop;

beforeAll(async () => {
  shop = await Shop.open();
  await shop.fill(1, 40);
  await shop.follow();
  await shop.followed();
});
afterAll(() => shop.close());

const schemas = async () =>
  (
    await shop.owner.query<{ name: string }>(
      `SELECT nspname AS name FROM pg_namespace WHERE nspname LIKE 'shop%'`,
    )
  ).rows;

/** Alters the live rows by hand for the time of one check. */
async function checkedWith(harm: string, values: unknown[], mend: string): Promise<unknown> {
  await shop.owner.query(`CREATE TABLE public.before AS SELECT * FROM shop.${mend}`);
  try {
    await shop.owner.query(harm, values);
    return await checkDrift(shop.side());
  } finally {
    await shop.owner.query(
      `DELETE FROM shop.${mend}; INSERT INTO shop.${mend} SELECT * FROM public.before; DROP TABLE public.before`,
    );
  }
}

it('finds 0 differences of N rows at position P, keeps that as a record, and leaves nothing behind', async () => {
  const steps: Step[] = [];
  const record = await checkDrift(shop.side(), { onStep: (step) => steps.push(step) });
  expect(record).toMatchObject({
    code: 'one',
    positions: { shop: 124 },
    rows: 36 + 40 + 40,
    differences: 0,
    leftOut: 0,
    tables: [
      { table: 'tab', rows: 36, differences: 0 },
      { table: 'tab_history', rows: 80, differences: 0 },
    ],
    examples: [],
  });
  expect(steps).toEqual(['create', 'read', 'compare']);
  expect((await driftRecords(shop.pool, shop.side(), 1))[0]).toEqual(record);
  expect(await schemas()).toEqual([{ name: 'shop' }]);
});

describe('finds', () => {
  const [one, two] = [tabId(1), tabId(2)];

  it('a row that was altered, and names its key and columns, not its values', async () => {
    const sql = `UPDATE shop.tab SET total = 99, note = NULL WHERE tab = $1`;
    expect(await checkedWith(sql, [one], 'tab')).toMatchObject({
      rows: 116,
      differences: 1,
      tables: [
        { table: 'tab', differences: 1 },
        { table: 'tab_history', differences: 0 },
      ],
      examples: [{ table: 'tab', kind: 'altered', key: { tab: one }, columns: ['total', 'note'] }],
    });
  });

  it('a row that is missing', async () => {
    expect(await checkedWith(`DELETE FROM shop.tab WHERE tab = $1`, [two], 'tab')).toMatchObject({
      rows: 116,
      differences: 1,
      examples: [{ table: 'tab', kind: 'missing', key: { tab: two }, columns: [] }],
    });
  });

  it('a row that is too many', async () => {
    const sql = `INSERT INTO shop.tab SELECT $1, total, amounts, note, opened_at FROM shop.tab LIMIT 1`;
    expect(await checkedWith(sql, [tabId(10)], 'tab')).toMatchObject({
      rows: 117,
      differences: 1,
      examples: [{ table: 'tab', kind: 'extra', key: { tab: tabId(10) }, columns: [] }],
    });
  });

  it('a state of the past that was altered', async () => {
    const sql = `UPDATE shop.tab_history SET total = total + 1 WHERE tab = $1 AND recorded_to = 'infinity'`;
    expect(await checkedWith(sql, [one], 'tab_history')).toMatchObject({
      differences: 1,
      tables: [{ differences: 0 }, { table: 'tab_history', differences: 1 }],
      examples: [
        { kind: 'altered', key: { tab: one, recorded_from: expect.any(String) }, columns: ['total'] },
      ],
    });
  });

  it('more than it names', async () => {
    expect(await checkedWith(`UPDATE shop.tab SET total = -1`, [], 'tab')).toMatchObject({
      differences: 36,
      examples: { length: 20 },
    });
  });
});

it('compares at equal positions while the live rows move on', async () => {
  let over = false;
  const write = async (from: number) => {
    for (let n = from; !over; n += 1) {
      await shop.append(Opened({ tab: tabId(n), note: null }));
      await shop.append(Added({ tab: tabId(n), amount: 1 }));
    }
  };
  const writing = [write(10_000), write(20_000)];
  try {
    for (let check = 0; check < 5; check += 1) {
      const before = await shop.store.head();
      expect(await checkDrift(shop.side())).toMatchObject({ differences: 0 });
      await eventually(async () => expect(await shop.store.head()).toBeGreaterThan(before));
    }
  } finally {
    over = true;
    await Promise.all(writing);
  }
  await shop.followed();
  expect(shop.failures).toEqual([]);
});

it('is refused while another one is under way, and clears up after one that was killed', async () => {
  await shop.owner.query('CREATE SCHEMA shop_check');
  const both = await Promise.allSettled([checkDrift(shop.side()), checkDrift(shop.side())]);
  expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(await schemas()).toEqual([{ name: 'shop' }]);
});

it('finds none however the live rows were batched, also where events share an instant', async () => {
  const steps = fc.array(fc.record({ tab: fc.integer({ min: 1, max: 3 }), kind: fc.nat(2) }), {
    maxLength: 14,
  });
  await fc.assert(
    fc.asyncProperty(steps, fc.integer({ min: 1, max: 5 }), async (list, size) => {
      const other = await Shop.open();
      try {
        const open = new Set<number>();
        for (const { tab, kind } of list) {
          const id = tabId(tab);
          if (!open.has(tab)) await other.append(Opened({ tab: id, note: null }));
          else if (kind === 2) await other.append(Added({ tab: id, amount: 1 }), Closed({ tab: id }));
          else await other.append(Added({ tab: id, amount: kind }), Added({ tab: id, amount: 5 }));
          if (open.has(tab) && kind === 2) open.delete(tab);
          else open.add(tab);
        }
        for (let at = 0; at < (await other.store.head());) {
          const page = await other.store.read(at, size);
          const events = page.map((event) => ({
            ...event,
            previous: event.position - 1,
            offset: event.position,
          }));
          await other.projector.handle({ source: 'shop', partition: 0, events });
          at = events.at(-1)!.position;
        }
        expect((await checkDrift(other.side())).examples).toEqual([]);
      } finally {
        await other.close();
      }
    }),
    { numRuns: 6 },
  );
});
