import { ownerDataSource } from '@loa/database';
import { eventually } from '@loa/testing';
import pg from 'pg';
import {
  batch,
  delivered,
  emptyTabs,
  freshTabs,
  Opened,
  second,
  tabId,
  tabLog as log,
  tabProjector,
  tabSchema,
  tabTable,
} from './projector.fixtures.js';
import { MissedEvents, type Projector } from './projector.js';
import { entitiesOf, overTables } from './table-sql.js';
import type { ReadTable } from './table.js';

let owner: string;
let runtime: string;
let pool: pg.Pool;
let projector: Projector;

beforeAll(async () => {
  const access = await freshTabs('projector');
  ({ owner, pool } = access);
  runtime = new URL(access.runtime).username;
  projector = tabProjector(pool);
});
beforeEach(() => emptyTabs(pool));
afterAll(() => pool.end());

const list = 'SELECT tab, total, amounts, note, opened_at FROM tab ORDER BY tab';
const now = async () => (await pool.query(overTables(list, { schema: 'shop', tables: [tabTable] }))).rows;
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
    await emptyTabs(pool);
    await projector.handle(batch([...log.slice(0, 4), ...log.slice(1, 4), ...log.slice(3)]));
    expect(await everything()).toEqual(once);
  });

  it('are the same when two processes are given the same batch at once', async () => {
    await projector.handle(batch(log));
    const once = await everything();
    for (const known of [0, 1]) {
      await emptyTabs(pool);
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
      checkpoint: [{ source: 'shop', partition: 0, position: 5, offset: 5, recordedAt: second(5) }],
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

describe('what TypeORM finds between the declared tables and the migrated ones', () => {
  async function differences(table: ReadTable): Promise<string[]> {
    const source = await ownerDataSource(owner, {
      ...tabSchema,
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
