import type pg from 'pg';
import { rowId, type KeyedChange, type PlainRow, type Touched } from './fold.js';
import { prepared } from './prepared.js';
import { arrayOf } from './row-arrays.js';
import { tableSql } from './table-sql.js';
import type { Columns, ReadTable } from './table.js';

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
    const { text, takes } = tableSql(schema, table).read;
    const { rows } = await client.query<{ row: PlainRow }>(
      prepared(text, arraysOf(takes, [...keys.values()])),
    );
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
    const ended = rows.filter(isEnded);
    if (ended.length > 0) {
      const ends = ended.map(({ key, versions }) => ({ ...key, recorded_to: versions[0]!.recordedAt }));
      await client.query(prepared(sql.closeHistory.text, arraysOf(sql.closeHistory.takes, ends)));
    }
    const gone = ended.filter(({ versions }) => versions.at(-1)!.row === undefined);
    if (gone.length > 0) {
      const keys = gone.map(({ key }) => key);
      await client.query(prepared(sql.remove.text, arraysOf(sql.remove.takes, keys)));
    }
    const states = rows.flatMap(statesOf);
    if (states.length > 0) await client.query(prepared(sql.write.text, stateArrays(table, states)));
  }
}

/** One array a column. */
const arraysOf = (columns: Columns, rows: readonly PlainRow[]): string[] =>
  Object.entries(columns).map(([name, type]) => {
    const values = rows.map((row) => row[name]);
    return arrayOf(type, values);
  });

function stateArrays({ columns }: ReadTable, states: readonly State[]): string[] {
  const rows = states.map(({ row }) => row);
  const instants = (of: (state: State) => string | undefined) => arrayOf('timestamptz', states.map(of));
  return [
    ...arraysOf(columns, rows),
    instants(({ from }) => from),
    instants(({ to }) => to),
    instants(({ closes }) => closes),
  ];
}

function byTable(touched: readonly Touched[]): Map<ReadTable, Touched[]> {
  const groups = new Map<ReadTable, Touched[]>();
  for (const one of touched) (groups.get(one.table) ?? groups.set(one.table, []).get(one.table)!).push(one);
  return groups;
}

/** The row was gone at some time within the batch. */
const isEnded = ({ versions }: Touched): boolean => versions.some(({ row }) => row === undefined);

/** A state of a row, and when it was recorded; `infinity`: it still is. */
interface State {
  readonly row: PlainRow;
  readonly from: string;
  readonly to: string;
  /** When what was open before the batch ends, if there was anything. */
  readonly closes: string | undefined;
}

/** Each state lasts until the next one of the batch; the last one is still open. */
function statesOf(touched: Touched): State[] {
  const { versions } = touched;
  const closes = isEnded(touched) ? undefined : versions[0]!.recordedAt;
  return versions.flatMap(({ row, recordedAt: from }, index) => {
    const to = versions[index + 1]?.recordedAt ?? 'infinity';
    return row ? [{ row, from, to, closes: index === 0 ? closes : undefined }] : [];
  });
}
