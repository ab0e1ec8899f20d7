import type { Schema } from '@loa/database';
import { entitiesOf, Projector } from '@loa/projections';
import type pg from 'pg';
import { contexts } from './gateway.module.js';
import { ReadModels1700000002000 } from './migrations/read-models.migration.js';
import { readModelProjections, readModelTables } from './read-models/read-models.js';
import { READ_SCHEMA } from './read-models/read-database.table.js';

/** The schema of the read database. */
export const readSchema: Schema = {
  migrations: [ReadModels1700000002000],
  tables: readModelTables.flatMap((table) => entitiesOf(READ_SCHEMA, table)),
};

/** Keeps the read models up to date with what the contexts have recorded. */
export const readProjector = (pool: pg.Pool): Projector =>
  new Projector(pool, {
    name: 'gateway',
    sources: contexts.map(({ context }) => context),
    projections: readModelProjections,
    schema: READ_SCHEMA,
  });
