import { openPool } from '@loa/database';
import type pg from 'pg';
import {
  Added,
  batch,
  Closed,
  delivered,
  freshTabs,
  Opened,
  second,
  tabId,
  tabProjector,
} from './projector.fixtures.js';

const TABS = 12;
const tabs = Array.from({ length: TABS }, (_, n) => tabId(n + 1));

let pool: pg.Pool;

beforeAll(async () => {
  const access = await freshTabs('prepared');
  await access.pool.end();
  // The worst moment to plan: PostgreSQL has counted the rows while there were next to none.
  const owner = openPool({ connectionString: access.owner, applicationName: 'prepared', max: 1 });
  await owner.query(
    `INSERT INTO shop.tab SELECT gen_random_uuid(), 0, '[]', NULL, $1 FROM generate_series(1, 8)`,
    [second(0)],
  );
  await owner.query('ANALYZE');
  await owner.end();
  // One session, so that what it keeps and counts is that of the reader.
  pool = openPool({ connectionString: access.runtime, applicationName: 'prepared', max: 1 });
});
afterAll(() => pool.end());

/** Of the rows of a table, how often all of them were looked at, and how many were found by their keys. */
async function looks(table: string): Promise<{ atAll: number; found: number }> {
  await pool.query('SELECT pg_stat_force_next_flush()');
  const { rows } = await pool.query<{ atAll: number; found: number }>(
    `SELECT t.seq_scan::int AS "atAll", sum(i.idx_tup_read)::int AS found
       FROM pg_stat_user_tables t JOIN pg_stat_user_indexes i USING (relid)
      WHERE t.schemaname = 'shop' AND t.relname = $1 GROUP BY t.seq_scan`,
    [table],
  );
  return rows[0]!;
}

it('plans the statements of a batch once, so that they find rows by their keys however many there will be', async () => {
  const projector = tabProjector(pool);
  const log = delivered([
    ...tabs.map((tab, n) => [n + 1, Opened({ tab, note: null })] as const),
    ...tabs.map((tab, n) => [n + 101, Added({ tab, amount: 1 })] as const),
    ...tabs.map((tab, n) => [n + 201, Closed({ tab })] as const),
  ]);
  const before = await looks('tab');
  for (const event of log) await projector.handle(batch([event]));

  const { rows: statements } = await pool.query<{ anew: number; statement: string }>(
    'SELECT custom_plans::int AS anew, statement FROM pg_prepared_statements',
  );
  expect(statements.length).toBeGreaterThan(6);
  expect(statements.filter(({ anew }) => anew > 0)).toEqual([]);

  const after = await looks('tab');
  expect(after.atAll).toBe(before.atAll);
  // Each addition reads its row, writes it, and each closing takes it away.
  expect(after.found - before.found).toBe(3 * TABS);
});

it('looks for what is parked of the streams of a batch only, however much is parked of others', async () => {
  const projector = tabProjector(pool);
  const { position } = (await projector.checkpoints())[0]!;
  const added = delivered([[1, Opened({ tab: tabId(TABS + 1), note: null })]]).map((event) => ({
    ...event,
    previous: position,
    position: position + 1,
  }));
  await pool.query(
    `INSERT INTO shop.parked (reader, source, position, partition, stream_id, version, event_id, type, schema_version,
                              data, meta, recorded_at, why, attempts)
     SELECT 'tabs', 'shop', 1000 + n, 0, $1, n, gen_random_uuid(), 'shop.Added', 1, '{}', '{}', now(), 'behind', 0
       FROM generate_series(1, 500) n`,
    [tabId(TABS + 2)],
  );
  const before = await looks('parked');
  await projector.handle(batch(added));
  expect(await looks('parked')).toEqual(before);
  expect(await projector.checkpoints()).toMatchObject([{ position: position + 1 }]);
});
