import type { ReadSide, ReadSources } from '@loa/projections';
import { knownTypes } from './contexts.js';
import { readModelProjections } from './read-models/read-models.js';
import { READ_SCHEMA, READER } from './read-models/read-database.table.js';

/** Where the records about generations and drift checks are kept. */
export const OPERATIONS_SCHEMA = 'operations';

/** The read tables of the gateway, to be made anew or checked. Their logs are those of every context. */
export const readSide = (sources: ReadSources): ReadSide => ({
  ...sources,
  schema: READ_SCHEMA,
  registry: OPERATIONS_SCHEMA,
  reader: READER,
  projections: readModelProjections,
  knownTypes,
});
