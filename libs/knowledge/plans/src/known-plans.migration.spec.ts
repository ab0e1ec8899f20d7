import { openPool, ownerDataSource, type DatabaseAccess } from '@loa/database';
import { entitiesOf } from '@loa/projections';
import { freshDatabase } from '@loa/testing';
import { knownAgency, knownPlan } from './known-plans.js';
import { plansKnowledgeMigrations } from './plans-knowledge.js';

const schema = {
  migrations: plansKnowledgeMigrations,
  tables: [knownAgency, knownPlan].flatMap((table) => entitiesOf('known', table)),
};

let access: DatabaseAccess;
beforeAll(async () => {
  access = await freshDatabase('known', schema);
});

it('makes the tables that the projection declares', async () => {
  const source = await ownerDataSource(access.owner, schema).initialize();
  const { upQueries } = await source.driver.createSchemaBuilder().log();
  await source.destroy();
  expect(upQueries.map(({ query }) => query)).toEqual([]);
});

it('lets the runtime role write down what it passed over, and not forget it', async () => {
  const pool = openPool({ connectionString: access.runtime, applicationName: 'known.spec', max: 1 });
  const { rows } = await pool.query<{ may: string }>(
    `SELECT may FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) may
      WHERE has_table_privilege('known.unknown_type', may)`,
  );
  await pool.end();
  expect(rows.map(({ may }) => may)).toEqual(['SELECT', 'INSERT', 'UPDATE']);
});

it('goes back by one migration and comes again', async () => {
  const source = await ownerDataSource(access.owner, schema).initialize();
  await source.undoLastMigration();
  const again = await source.runMigrations();
  await source.destroy();
  expect(again.map(({ name }) => name)).toEqual(['KnownPlansUnknownTypes1700000010000']);
});
