import type { EventLog, ReadSide } from '@loa/projections';
import { readModelProjections } from './read-models/read-models.js';
import { READ_SCHEMA, READER } from './read-models/read-database.table.js';

/** Where the records about generations and drift checks are kept. */
export const OPERATIONS_SCHEMA = 'operations';

/** What a rebuild or a drift check of the gateway's read tables needs from outside. */
export interface ReadSources {
  /** To the read database, as the owner of its tables. */
  readonly owner: string;
  /** Of every context; they are only read. */
  readonly logs: Readonly<Record<string, EventLog>>;
  /** In how many partitions the projector is handed each context: 1 when it tails the logs. */
  readonly partitions: number;
  /** Names this build. */
  readonly code: string;
}

/** The read tables of the gateway, to be made anew or checked. */
export const readSide = (sources: ReadSources): ReadSide => ({
  ...sources,
  schema: READ_SCHEMA,
  registry: OPERATIONS_SCHEMA,
  reader: READER,
  projections: readModelProjections,
});
