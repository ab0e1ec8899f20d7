import { ownerDataSource } from '@loa/database';
import { entitiesOf } from '@loa/projections';
import { freshDatabase } from '@loa/testing';
import { knownAgency, knownPlan } from './known-plans.js';
import { plansKnowledgeMigrations } from './plans-knowledge.js';

it('makes the tables that the projection declares', async () => {
  const schema = {
    migrations: plansKnowledgeMigrations,
    tables: [knownAgency, knownPlan].flatMap((table) => entitiesOf('known', table)),
  };
  const { owner } = await freshDatabase('known', schema);
  const source = await ownerDataSource(owner, schema).initialize();
  const { upQueries } = await source.driver.createSchemaBuilder().log();
  await source.destroy();
  expect(upQueries.map(({ query }) => query)).toEqual([]);
});
