import type { RecordedEvent } from '@loa/event-sourcing';
import type { Change, Projection } from './projection.js';
import type { ReadTable } from './table.js';

export type PlainRow = Readonly<Record<string, unknown>>;

/** A row as it stood from one instant on; `row` undefined: it was gone. */
export interface RowVersion {
  readonly recordedAt: string;
  readonly row: PlainRow | undefined;
}

export interface Touched {
  readonly table: ReadTable;
  readonly key: PlainRow;
  /** Every state the batch brought the row into, oldest first; states of one instant count once. */
  readonly versions: readonly RowVersion[];
}

export interface KeyedChange {
  readonly change: Change;
  readonly id: string;
  readonly recordedAt: string;
}

export const rowId = (table: ReadTable, key: PlainRow): string =>
  `${table.name} ${JSON.stringify(table.key.map((column) => key[column]))}`;

/** What a run of events asks of the tables, in order. */
export function changesOf(
  projections: readonly Projection[],
  events: readonly RecordedEvent[],
): KeyedChange[] {
  return events.flatMap((event) =>
    projections.flatMap(({ handlers }) => {
      const handler = handlers.get(event.type);
      const changes = handler ? handler(event.data as never, event) : [];
      return changes.map((change) => ({
        change,
        id: rowId(change.table, change.key),
        recordedAt: event.recordedAt,
      }));
    }),
  );
}

/** Folds changes over the rows they start from. Pure: the same changes over the same rows give the same result. */
export function foldChanges(
  changes: readonly KeyedChange[],
  before: ReadonlyMap<string, PlainRow>,
): Touched[] {
  const touched = new Map<string, { table: ReadTable; key: PlainRow; versions: RowVersion[] }>();
  for (const { change, id, recordedAt } of changes) {
    const entry = touched.get(id) ?? { table: change.table, key: change.key, versions: [] };
    const last = entry.versions.at(-1);
    const row = change.next(last ? last.row : before.get(id));
    if (last?.recordedAt === recordedAt) entry.versions.pop();
    entry.versions.push({ recordedAt, row });
    touched.set(id, entry);
  }
  return [...touched.values()];
}
