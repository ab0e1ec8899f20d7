import { EventStore } from '@loa/event-store';
import type { DatabasePlace } from './installation.js';
import { withPool } from './lent-pool.js';

/** Lends the log of a context for some work. */
export const withLog = <T>(
  place: Pick<DatabasePlace, 'runtime'>,
  work: (store: EventStore) => Promise<T>,
): Promise<T> => withPool(place, (pool) => work(new EventStore(pool)));
