import type { Schema } from '@loa/database';
import { entitiesOf, Projector, type ProjectorNotice } from '@loa/projections';
import type pg from 'pg';
import { contexts, knownTypes } from './contexts.js';
import { GenerationRecords1700000006000 } from './migrations/generations.migration.js';
import { ReadParking1700000004000 } from './migrations/parking.migration.js';
import { ReadModels1700000002000 } from './migrations/read-models.migration.js';
import { ReadUnknownTypes1700000010000 } from './migrations/unknown-types.migration.js';
import { readModelProjections, readModelTables } from './read-models/read-models.js';
import { READ_SCHEMA, READER } from './read-models/read-database.table.js';

/** The schema of the read database. */
export const readSchema: Schema = {
  migrations: [
    ReadModels1700000002000,
    ReadParking1700000004000,
    GenerationRecords1700000006000,
    ReadUnknownTypes1700000010000,
  ],
  tables: readModelTables.flatMap((table) => entitiesOf(READ_SCHEMA, table)),
};

/** Keeps the read models up to date with what the contexts have recorded. */
export const readProjector = (pool: pg.Pool, onNotice?: (notice: ProjectorNotice) => void): Projector =>
  new Projector(pool, {
    name: READER,
    sources: contexts.map(({ context }) => context),
    projections: readModelProjections,
    schema: READ_SCHEMA,
    knownTypes,
    ...(onNotice && { onNotice }),
  });
