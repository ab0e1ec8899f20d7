import fc from 'fast-check';
import type pg from 'pg';
import {
  Added,
  batch,
  Closed,
  delivered,
  emptyTabs,
  freshTabs,
  Opened,
  second,
  tabId,
  tabLog as log,
  tabProjector,
  tabTable,
} from './projector.fixtures.js';
import type { Projector } from './projector.js';
import { overTables } from './table-sql.js';

let pool: pg.Pool;
let projector: Projector;

beforeAll(async () => {
  ({ pool } = await freshTabs('as_of'));
  projector = tabProjector(pool);
});
beforeEach(() => emptyTabs(pool));
afterAll(() => pool.end());

const standpoint = { schema: 'shop', tables: [tabTable] };
const list = 'SELECT tab, total, amounts, note, opened_at FROM tab ORDER BY tab';
const now = async () => (await pool.query(overTables(list, standpoint))).rows;
const asOf = async (instant: string) =>
  (await pool.query(overTables(list, { ...standpoint, asOf: '$1' }), [instant])).rows;

describe('as of', () => {
  type Step = {
    readonly tab: number;
    readonly pause: number;
    readonly amount: number;
    readonly close: boolean;
  };
  const step = fc.record({
    tab: fc.integer({ min: 1, max: 3 }),
    pause: fc.integer({ min: 0, max: 2 }),
    amount: fc.integer({ min: -5, max: 5 }),
    close: fc.boolean(),
  });

  /** A possible life of some tabs: a tab that is not open is opened; one that is open grows or is closed. */
  function lifeOf(steps: readonly Step[]) {
    let at = 0;
    const open = new Set<number>();
    return delivered(
      steps.map(({ tab: n, pause, amount, close }) => {
        at += pause;
        const tab = tabId(n);
        if (!open.has(n)) {
          open.add(n);
          return [at, Opened({ tab, note: amount > 0 ? `${amount}` : null })] as const;
        }
        if (!close) return [at, Added({ tab, amount })] as const;
        open.delete(n);
        return [at, Closed({ tab })] as const;
      }),
    );
  }

  /** Adds the facts up by hand, without any part of the kit. */
  function folded(events: ReturnType<typeof lifeOf>) {
    const open = new Map<
      string,
      { tab: string; total: number; amounts: number[]; note: string | null; opened_at: Date }
    >();
    for (const { type, data, recordedAt } of events) {
      const { tab, amount, note } = JSON.parse(data) as { tab: string; amount: number; note: string | null };
      const row = open.get(tab);
      if (type === Opened.type)
        open.set(tab, { tab, total: 0, amounts: [], note, opened_at: new Date(recordedAt) });
      else if (type === Closed.type) open.delete(tab);
      else if (row) open.set(tab, { ...row, total: row.total + amount, amounts: [...row.amounts, amount] });
    }
    return [...open.values()].sort((a, b) => (a.tab < b.tab ? -1 : 1));
  }

  it('any instant answers as the facts recorded up to it add up, however they were delivered', async () => {
    const cuts = fc.array(fc.tuple(fc.nat({ max: 6 }), fc.nat({ max: 3 })), { maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), cuts, async (steps, boundaries) => {
        await emptyTabs(pool);
        const events = lifeOf(steps);
        let done = 0;
        for (const [take, overlap] of [...boundaries, [events.length, 0] as const]) {
          const end = Math.min(events.length, done + take);
          await projector.handle(batch(events.slice(Math.max(0, done - overlap), end)));
          done = end;
        }
        const instants = [-1, ...new Set(events.map(({ recordedAt }) => Date.parse(recordedAt)))];
        for (const instant of instants.flatMap((at) => [at, at + 500])) {
          const known = events.filter(({ recordedAt }) => Date.parse(recordedAt) <= instant);
          expect(await asOf(new Date(instant).toISOString())).toEqual(folded(known));
        }
        expect(await now()).toEqual(folded(events));
      }),
      { numRuns: 60 },
    );
  });

  it('the states of a row never overlap and never leave a hole while it is there', async () => {
    await projector.handle(batch(log.slice(0, 3)));
    await projector.handle(batch(log.slice(3)));
    const { rows } = await pool.query(
      `SELECT tab, total, recorded_from, nullif(recorded_to, 'infinity') AS recorded_to FROM shop.tab_history
        ORDER BY tab, recorded_from`,
    );
    const at = (n: number) => new Date(second(n));
    expect(rows).toEqual([
      { tab: tabId(1), total: 0, recorded_from: at(1), recorded_to: at(2) },
      { tab: tabId(1), total: 3, recorded_from: at(2), recorded_to: at(4) },
      { tab: tabId(1), total: 7, recorded_from: at(4), recorded_to: null },
      { tab: tabId(2), total: 0, recorded_from: at(2), recorded_to: at(5) },
    ]);
  });
});

describe('the question over the tables', () => {
  it('keeps its own WITH, and sees the rows of the standpoint in it', async () => {
    await projector.handle(batch(log));
    const sql = `  WITH big AS (SELECT * FROM tab WHERE total > 2), sums AS (SELECT sum(total)::int AS sum FROM big)
                 SELECT sum FROM sums`;
    const ask = async (text: string, values: string[] = []) =>
      (await pool.query<{ sum: number }>(text, values)).rows[0]?.sum;
    expect(await ask(overTables(sql, standpoint))).toBe(7);
    expect(await ask(overTables(sql, { ...standpoint, asOf: '$1' }), [second(2)])).toBe(3);
  });

  it('may be recursive', async () => {
    const sql =
      'with recursive n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 3) SELECT count(*)::int AS c FROM n';
    expect((await pool.query(overTables(sql, standpoint))).rows).toEqual([{ c: 3 }]);
  });

  it('does not find a table that was not named: it cannot mix now and then by mistake', async () => {
    await expect(pool.query(overTables(list, { schema: 'shop', tables: [] }))).rejects.toThrow();
  });
});
