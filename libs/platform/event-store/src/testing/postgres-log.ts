import { openPool, type DatabaseAccess } from '@loa/database';
import { freshDatabase } from '@loa/testing';
import { EventStore } from '../event-store.js';
import { eventStoreMigrations } from '../migrations.js';
import type { OpenLog } from './store-suite.js';

export interface PostgresLog extends OpenLog {
  readonly access: DatabaseAccess;
  readonly logs: readonly EventStore[];
}

export const openStore = ({ runtime }: DatabaseAccess): EventStore =>
  new EventStore(openPool({ connectionString: runtime, applicationName: 'store' }));

/** An empty log in a database of its own, opened as by three processes. */
export async function openPostgresLog(server?: string): Promise<PostgresLog> {
  const access = await freshDatabase('store', { migrations: eventStoreMigrations }, server);
  const logs = [openStore(access), openStore(access), openStore(access)];
  return {
    access,
    logs,
    close: async () => {
      await Promise.all(logs.map((log) => log.close()));
    },
  };
}
