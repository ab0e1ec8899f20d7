import { AppendFunctions1700000005000 } from './append-functions.migration.js';
import { EventStore1700000000000 } from './event-store.migration.js';
import { FirstAppendFunctions1700000009000 } from './first-append-functions.migration.js';
import { Snapshots1700000006000 } from './snapshots.migration.js';

/** The schema of the log; a context adds its own migrations. Time stamps say in which order they are run. */
export const eventStoreMigrations = [
  EventStore1700000000000,
  AppendFunctions1700000005000,
  Snapshots1700000006000,
  FirstAppendFunctions1700000009000,
];
