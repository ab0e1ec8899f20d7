import type pg from 'pg';
import { rowId, type KeyedChange, type PlainRow, type Touched } from './fold.js';
import { tableSql } from './table-sql.js';
import type { ReadTable } from './table.js';

/** The stored rows that the changes start from, by their ids. */
export async function readRows(
  client: pg.PoolClient,
  schema: string,
  changes: readonly KeyedChange[],
): Promise<Map<string, PlainRow>> {
  const wanted = new Map<ReadTable, Map<string, PlainRow>>();
  const seen = new Set<string>();
  for (const { change, id } of changes) {
    // Only the first change of a row can need what is stored; later ones start from the change before.
    if (seen.has(id)) continue;
    seen.add(id);
    if (change.blind) continue;
    const keys = wanted.get(change.table) ?? new Map<string, PlainRow>();
    wanted.set(change.table, keys.set(id, change.key));
  }
  const before = new Map<string, PlainRow>();
  for (const [table, keys] of wanted) {
    const { rows } = await client.query<{ row: PlainRow }>(tableSql(schema, table).read, [
      JSON.stringify([...keys.values()]),
    ]);
    for (const { row } of rows) before.set(rowId(table, row), row);
  }
  return before;
}

/** Brings the rows into their last state, and keeps every state they were in. */
export async function writeRows(
  client: pg.PoolClient,
  schema: string,
  touched: readonly Touched[],
): Promise<void> {
  for (const [table, rows] of byTable(touched)) {
    const sql = tableSql(schema, table);
    const write = async (text: string, list: readonly PlainRow[]) => {
      if (list.length > 0) await client.query(text, [JSON.stringify(list)]);
    };
    const ended = rows.filter(isEnded);
    await write(
      sql.closeHistory,
      ended.map(({ key, versions }) => ({ ...key, recorded_from: versions[0]!.recordedAt })),
    );
    await write(
      sql.remove,
      ended.filter(({ versions }) => versions.at(-1)!.row === undefined).map(({ key }) => key),
    );
    await write(sql.write, rows.flatMap(statesOf));
  }
}

function byTable(touched: readonly Touched[]): Map<ReadTable, Touched[]> {
  const groups = new Map<ReadTable, Touched[]>();
  for (const one of touched) (groups.get(one.table) ?? groups.set(one.table, []).get(one.table)!).push(one);
  return groups;
}

/** The row was gone at some time within the batch. */
const isEnded = ({ versions }: Touched): boolean => versions.some(({ row }) => row === undefined);

/** Each state lasts until the next one of the batch; the last one is still open. */
function statesOf(touched: Touched): PlainRow[] {
  const { versions } = touched;
  const states = versions.flatMap(({ row, recordedAt }, index) =>
    row
      ? [{ ...row, recorded_from: recordedAt, recorded_to: versions[index + 1]?.recordedAt ?? 'infinity' }]
      : [],
  );
  const [first, ...rest] = states;
  if (!first || isEnded(touched)) return states;
  return [{ ...first, closes: first.recorded_from }, ...rest];
}
