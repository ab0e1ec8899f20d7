import { openPool } from '@loa/database';
import { EventStore, type StoredEvent } from '@loa/event-store';

const ALL = 10_000_000;

/** Everything in a log, in its order. */
export async function logOf(connectionString: string): Promise<StoredEvent[]> {
  const store = new EventStore(openPool({ connectionString, applicationName: 'faults', max: 1 }));
  try {
    return await store.read(0, ALL);
  } finally {
    await store.close();
  }
}
