import { ownerDataSource, type DatabaseAccess } from '@loa/database';
import { freshDatabase } from '@loa/testing';
import pg from 'pg';
import { readSchema } from '../read-side.js';
import { readModelTables } from '../read-models/read-models.js';

/** What the runtime role may do with the projector's own tables: what was dropped, asked, or passed over stays on record. */
const ofTheProjector = {
  checkpoint: 'DELETE INSERT SELECT UPDATE',
  parked: 'DELETE INSERT SELECT UPDATE',
  dropped: 'INSERT SELECT',
  parked_request: 'INSERT SELECT UPDATE',
  unknown_type: 'INSERT SELECT UPDATE',
};

let access: DatabaseAccess;
beforeAll(async () => {
  access = await freshDatabase('read_migration', readSchema);
});

async function query<R extends pg.QueryResultRow>(connectionString: string, sql: string): Promise<R[]> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    return (await client.query<R>(sql)).rows;
  } finally {
    await client.end();
  }
}

it('TypeORM finds no difference between the migrated database and the read tables', async () => {
  const source = await ownerDataSource(access.owner, readSchema).initialize();
  try {
    const { upQueries } = await source.driver.createSchemaBuilder().log();
    expect(upQueries.map(({ query: sql }) => sql)).toEqual([]);
  } finally {
    await source.destroy();
  }
});

it('makes every read table, each with its history, and nothing else but what the projector keeps for itself', async () => {
  const rows = await query<{ name: string }>(
    access.owner,
    `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'read'`,
  );
  const expected = readModelTables.flatMap(({ name }) => [name, `${name}_history`]);
  expect(rows.map(({ name }) => name).sort()).toEqual([...expected, ...Object.keys(ofTheProjector)].sort());
});

it('lets the runtime role write rows, and neither change nor empty tables', async () => {
  const rows = await query<{ name: string; may: string }>(
    access.runtime,
    `SELECT c.relname AS name, string_agg(p.may, ' ' ORDER BY p.may) AS may
       FROM pg_class c
       JOIN pg_namespace n ON n.oid = c.relnamespace
       CROSS JOIN unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER']) p (may)
      WHERE n.nspname = 'read' AND c.relkind = 'r' AND has_table_privilege(c.oid, p.may)
      GROUP BY c.relname`,
  );
  const tables = readModelTables.flatMap(({ name }) => [name, `${name}_history`]);
  expect(Object.fromEntries(rows.map(({ name, may }) => [name, may]))).toEqual({
    ...Object.fromEntries(tables.map((name) => [name, 'DELETE INSERT SELECT UPDATE'])),
    ...ofTheProjector,
  });
  await expect(query(access.runtime, 'DROP TABLE read.plan')).rejects.toThrow('must be owner');
});

it('sorts agencies by an index in Vietnamese order', async () => {
  const [row] = await query<{ indexdef: string }>(
    access.owner,
    `SELECT indexdef FROM pg_indexes WHERE schemaname = 'read' AND indexname = 'agency_name_id'`,
  );
  expect(row?.indexdef).toContain('"vi-x-icu"');
});

it('goes back and comes again', async () => {
  const source = await ownerDataSource(access.owner, readSchema).initialize();
  try {
    for (const _ of readSchema.migrations) await source.undoLastMigration();
    expect((await source.runMigrations()).map(({ name }) => name)).toEqual(
      readSchema.migrations.map(({ name }) => name),
    );
  } finally {
    await source.destroy();
  }
});
