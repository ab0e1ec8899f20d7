import { openPool } from '@loa/database';
import { EventStore, wholeLog, type StoredEvent } from '@loa/event-store';

/** Everything in a log, in its order. */
export async function logOf(connectionString: string): Promise<StoredEvent[]> {
  const store = new EventStore(openPool({ connectionString, applicationName: 'faults', max: 1 }));
  try {
    return await wholeLog(store);
  } finally {
    await store.close();
  }
}
