import { ForeignEvent, type Decider } from '@loa/event-sourcing';
import type { EventStore } from '@loa/event-store';
import type { ReadTable, Row } from '@loa/projections';
import type { Lookup } from './command-door.js';
import type { Rehydration } from './rehydration.js';

/** Looks at other things of the same context by folding their streams: as fresh as the log itself. */
export function fromStreams(rehydration: Rehydration, decider: Decider): Lookup {
  return async (ids) => {
    const found = new Map<string, unknown>();
    for (const { streamId, state } of await rehydration.loadAll(decider, ids)) {
      try {
        found.set(streamId, state());
      } catch (error) {
        // The id belongs to another kind of thing: as good as unknown.
        if (!(error instanceof ForeignEvent)) throw error;
      }
    }
    return found;
  };
}

/** Looks at rows kept of another context, as far as its events have arrived. The table has one key column. */
export function fromTable<T extends ReadTable<never> | ReadTable>(
  store: EventStore,
  schema: string,
  table: T,
): Lookup {
  const { name, key } = table as unknown as ReadTable;
  const column = key[0]!;
  return async (ids) => {
    const { rows } = await store.pool.query<{ row: Row<T> & Record<string, unknown> }>(
      `SELECT row_to_json(t) AS row FROM ${schema}."${name}" t WHERE "${column}" = ANY ($1::uuid[])`,
      [ids],
    );
    return new Map(rows.map(({ row }) => [String(row[column]), row]));
  };
}
