import { openPool, ownerDataSource } from '@loa/database';
import { eventually, freshDatabase } from '@loa/testing';
import fc from 'fast-check';
import pg from 'pg';
import {
  batch,
  Added,
  Closed,
  delivered,
  Opened,
  second,
  tabId,
  tabs,
  tabTable,
  Tabs1700000000000,
} from './projector.fixtures.js';
import { MissedEvents, Projector } from './projector.js';
import { entitiesOf, overTables } from './table-sql.js';
import type { ReadTable } from './table.js';

const schema = { migrations: [Tabs1700000000000], tables: entitiesOf('shop', tabTable) };
let owner: string;
let runtime: string;
let pool: pg.Pool;
let projector: Projector;

beforeAll(async () => {
  const access = await freshDatabase('projector', schema);
  owner = access.owner;
  runtime = new URL(access.runtime).username;
  pool = openPool({ connectionString: access.runtime, applicationName: 'projector.spec' });
  projector = new Projector(pool, { name: 'tabs', sources: ['shop'], projections: [tabs], schema: 'shop' });
});
beforeEach(() => reset());
afterAll(() => pool.end());

const reset = () => pool.query('TRUNCATE shop.tab, shop.tab_history, shop.checkpoint, shop.parked');

const list = 'SELECT tab, total, amounts, note, opened_at FROM tab ORDER BY tab';
const now = async () => (await pool.query(overTables(list, { schema: 'shop', tables: [tabTable] }))).rows;
const asOf = async (instant: string) =>
  (await pool.query(overTables(list, { schema: 'shop', tables: [tabTable], asOf: '$1' }), [instant])).rows;
/** Sessions that wait for a lock. */
const waiting = async () =>
  (
    await pool.query<{ pid: number }>(
      `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    )
  ).rows;
const everything = async () => ({
  rows: await now(),
  history: (await pool.query('SELECT * FROM shop.tab_history ORDER BY tab, recorded_from')).rows,
  checkpoint: await projector.checkpoints(),
});

const [one, two] = [tabId(1), tabId(2)];
const log = delivered([
  [1, Opened({ tab: one, note: 'Bàn 1' })],
  [2, Added({ tab: one, amount: 3 })],
  [2, Opened({ tab: two, note: null })],
  [4, Added({ tab: one, amount: 4 })],
  [5, Closed({ tab: two })],
]);

describe('rows', () => {
  it('are the facts added up', async () => {
    await projector.handle(batch(log));
    expect(await now()).toEqual([
      { tab: one, total: 7, amounts: [3, 4], note: 'Bàn 1', opened_at: new Date(second(1)) },
    ]);
  });

  it('are the same whether the log is delivered once or twice', async () => {
    await projector.handle(batch(log));
    const once = await everything();
    await projector.handle(batch(log));
    await projector.handle(batch(log.slice(2)));
    expect(await everything()).toEqual(once);
  });

  it('count an event once that a carrier repeats within a batch', async () => {
    await projector.handle(batch(log));
    const once = await everything();
    await reset();
    await projector.handle(batch([...log.slice(0, 4), ...log.slice(1, 4), ...log.slice(3)]));
    expect(await everything()).toEqual(once);
  });

  it('are the same when two processes are given the same batch at once', async () => {
    await projector.handle(batch(log));
    const once = await everything();
    for (const known of [0, 1]) {
      await reset();
      await projector.handle(batch(log.slice(0, known)));
      await Promise.all([1, 2, 3, 4].map(() => projector.handle(batch(log))));
      expect(await everything()).toEqual(once);
    }
  });

  it('wait for another process that is at work on the partition, and are left to it', async () => {
    await projector.handle(batch(log.slice(0, 1)));
    const before = await now();
    const other = new pg.Client({ connectionString: owner });
    await other.connect();
    try {
      await other.query('BEGIN; SELECT 1 FROM shop.checkpoint FOR UPDATE');
      const handled = projector.handle(batch(log));
      await eventually(async () => expect(await waiting()).toHaveLength(1));
      await other.query('UPDATE shop.checkpoint SET position = 5, "offset" = 5; COMMIT');
      await handled;
    } finally {
      await other.end();
    }
    expect(await now()).toEqual(before);
  });

  it('of events that no projection knows move only the checkpoint', async () => {
    const foreign = log.map((event) => ({ ...event, type: 'shop.Painted' }));
    await projector.handle(batch(foreign));
    expect(await everything()).toEqual({
      rows: [],
      history: [],
      checkpoint: [{ source: 'shop', partition: 0, position: 5, offset: 5 }],
    });
  });
});

describe('one transaction', () => {
  it('holds rows, history and checkpoint: when the history cannot be kept, nothing is', async () => {
    await projector.handle(batch(log.slice(0, 2)));
    const before = await everything();
    const client = new pg.Client({ connectionString: owner });
    await client.connect();
    try {
      await client.query(`REVOKE INSERT ON shop.tab_history FROM ${runtime}`);
      await expect(projector.handle(batch(log))).rejects.toThrow('permission denied');
      expect(await everything()).toEqual(before);
      await client.query(`GRANT INSERT ON shop.tab_history TO ${runtime}`);
    } finally {
      await client.end();
    }
    await projector.handle(batch(log));
    expect((await now())[0]).toMatchObject({ total: 7 });
  });
});

describe('a session that is cut in the middle of a batch', () => {
  it('is an error of that batch, not of the process; the next delivery goes on', async () => {
    const other = new pg.Client({ connectionString: owner });
    await other.connect();
    try {
      await other.query('BEGIN; LOCK TABLE shop.tab');
      const handled = projector.handle(batch(log)).catch((error: unknown) => error);
      await eventually(async () => {
        await pool.query('SELECT pg_terminate_backend($1)', [(await waiting())[0]!.pid]);
      });
      expect(await handled).toBeInstanceOf(Error);
    } finally {
      await other.end();
    }
    await projector.handle(batch(log));
    expect(await now()).toEqual([expect.objectContaining({ total: 7 })]);
    expect((await pool.query('SELECT 1 FROM shop.parked')).rowCount).toBe(0);
  });
});

describe('a gap', () => {
  it('between the checkpoint and the batch is refused', async () => {
    await projector.handle(batch(log.slice(0, 1)));
    await expect(projector.handle(batch(log.slice(2)))).rejects.toThrow(MissedEvents);
    expect(await now()).toEqual([expect.objectContaining({ total: 0 })]);
  });

  it('before the first event is refused', async () => {
    await expect(projector.handle(batch(log.slice(1)))).rejects.toThrow(MissedEvents);
  });

  it('within a batch is refused, and nothing before it is applied', async () => {
    await expect(projector.handle(batch([log[0]!, log[1]!, log[3]!]))).rejects.toThrow(
      'the reader stands at 2, but the next event follows 3: events are missing. Nothing is applied past the hole',
    );
    expect(await now()).toEqual([]);
  });

  it('in another partition is no gap in this one', async () => {
    await projector.handle(batch(log.slice(0, 1)));
    const other = delivered([[9, Opened({ tab: two, note: null })]]);
    await projector.handle({ source: 'shop', partition: 1, events: other });
    expect(await now()).toHaveLength(2);
  });
});

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
        await reset();
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
      { tab: one, total: 0, recorded_from: at(1), recorded_to: at(2) },
      { tab: one, total: 3, recorded_from: at(2), recorded_to: at(4) },
      { tab: one, total: 7, recorded_from: at(4), recorded_to: null },
      { tab: two, total: 0, recorded_from: at(2), recorded_to: at(5) },
    ]);
  });
});

describe('the question over the tables', () => {
  const standpoint = { schema: 'shop', tables: [tabTable] };

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

describe('what TypeORM finds between the declared tables and the migrated ones', () => {
  async function differences(table: ReadTable): Promise<string[]> {
    const source = await ownerDataSource(owner, {
      ...schema,
      tables: entitiesOf('shop', table),
    }).initialize();
    try {
      const { upQueries } = await source.driver.createSchemaBuilder().log();
      return upQueries.map(({ query }) => query);
    } finally {
      await source.destroy();
    }
  }
  const declared: ReadTable = tabTable;

  it('is nothing when they agree', async () => expect(await differences(declared)).toEqual([]));

  it.each<[string, ReadTable, RegExp]>([
    ['a column', { ...declared, columns: { ...declared.columns, extra: 'text?' } }, /"tab" ADD "extra" text/],
    ['null', { ...declared, columns: { ...declared.columns, note: 'text' } }, /"note" SET NOT NULL/],
    ['an index', { ...declared, indexes: [] }, /DROP INDEX "shop"."tab_opened_at_tab"/],
    [
      'an index of the history',
      { ...declared, historyIndexes: [['total']] },
      /CREATE INDEX "tab_history_total"/,
    ],
  ])('is %s when only one side has it', async (_, table, difference) => {
    expect((await differences(table)).join('\n')).toMatch(difference);
  });
});
