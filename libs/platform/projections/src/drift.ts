import type pg from 'pg';
import { toPosition } from '@loa/database';
import type { Projection } from './projection.js';
import type { ReadTable } from './table.js';

/** How one table of the live rows stands to the one made anew from the logs. */
export interface TableComparison {
  /** As it is called in the schema; of a read table or of its history. */
  readonly table: string;
  /** On either side. */
  readonly rows: number;
  readonly differences: number;
}

/** One row that differs. No values: keys are ids, the rest may be anything. */
export interface Difference {
  readonly table: string;
  /** `missing`: the facts give it and it is not there. `extra`: it is there and no fact gives it. */
  readonly kind: 'missing' | 'extra' | 'altered';
  readonly key: Readonly<Record<string, unknown>>;
  /** Names of the columns that differ; empty unless altered. */
  readonly columns: readonly string[];
}

export interface Comparison {
  readonly rows: number;
  readonly differences: number;
  readonly tables: readonly TableComparison[];
  /** Some of them. */
  readonly examples: readonly Difference[];
}

/** What is compared: a read table or its history, as SQL. */
interface Compared {
  readonly name: string;
  readonly key: readonly string[];
  readonly columns: readonly string[];
  readonly where: string;
}

const own = ({ name, key, columns }: ReadTable): Compared => ({
  name,
  key,
  columns: Object.keys(columns),
  where: 'true',
});

/** A state that was recorded and replaced at one instant was never to be seen: whether it is kept depends on the batches. */
const historyOf = ({ name, key, columns }: ReadTable): Compared => ({
  name: `${name}_history`,
  key: [...key, 'recorded_from'],
  columns: [...Object.keys(columns), 'recorded_from', 'recorded_to'],
  where: 'recorded_from < recorded_to',
});

const listed = (columns: readonly string[], of = (column: string) => `"${column}"`) =>
  columns.map(of).join(', ');

function pairs({ name, key, columns, where }: Compared, live: string, anew: string): string {
  const side = (schema: string) => `(SELECT ${listed(columns)} FROM ${schema}."${name}" WHERE ${where})`;
  const onKey = key.map((column) => `l."${column}" = s."${column}"`).join(' AND ');
  return `${side(live)} l FULL JOIN ${side(anew)} s ON ${onKey}`;
}

const differs = ({ columns, key }: Compared) =>
  `(l."${key[0]}" IS NULL OR s."${key[0]}" IS NULL OR
    (${listed(columns, (column) => `l."${column}"`)}) IS DISTINCT FROM (${listed(columns, (column) => `s."${column}"`)}))`;

async function compareTable(
  session: pg.PoolClient,
  table: Compared,
  schemas: { live: string; anew: string },
): Promise<TableComparison> {
  const { rows } = await session.query<{ rows: string; differences: string }>(
    `SELECT count(*) AS rows, count(*) FILTER (WHERE ${differs(table)}) AS differences
       FROM ${pairs(table, schemas.live, schemas.anew)}`,
  );
  const { rows: all, differences } = rows[0]!;
  return { table: table.name, rows: toPosition(all), differences: toPosition(differences) };
}

async function examplesOf(
  session: pg.PoolClient,
  table: Compared,
  schemas: { live: string; anew: string },
  most: number,
): Promise<Difference[]> {
  const first = table.key[0]!;
  const key = listed(table.key, (column) => `'${column}', coalesce(l."${column}", s."${column}")`);
  const different = listed(
    table.columns,
    (column) => `CASE WHEN l."${column}" IS DISTINCT FROM s."${column}" THEN '${column}' END`,
  );
  const { rows } = await session.query<Omit<Difference, 'table'>>(
    `SELECT CASE WHEN l."${first}" IS NULL THEN 'missing' WHEN s."${first}" IS NULL THEN 'extra' ELSE 'altered' END AS kind,
            json_build_object(${key}) AS key,
            CASE WHEN l."${first}" IS NULL OR s."${first}" IS NULL THEN '{}'
                 ELSE array_remove(ARRAY[${different}], NULL) END AS columns
       FROM ${pairs(table, schemas.live, schemas.anew)}
      WHERE ${differs(table)}
      ORDER BY ${listed(table.key, (column) => `coalesce(l."${column}", s."${column}")`)} LIMIT $1`,
    [most],
  );
  return rows.map((row) => ({ table: table.name, ...row }));
}

/**
 * Compares all read tables and their histories, row by row and column by column, with those of another schema. In the
 * snapshot of the session, which must see both at the same place in the logs.
 * @param most how many differing rows are named, of all tables together
 */
export async function compare(
  session: pg.PoolClient,
  projections: readonly Projection[],
  schemas: { readonly live: string; readonly anew: string },
  most = 20,
): Promise<Comparison> {
  const compared = projections
    .flatMap(({ tables }) => tables)
    .flatMap((table) => [own(table), historyOf(table)]);
  const tables: TableComparison[] = [];
  const examples: Difference[] = [];
  for (const table of compared) {
    const found = await compareTable(session, table, schemas);
    tables.push(found);
    if (found.differences > 0) {
      examples.push(...(await examplesOf(session, table, schemas, most - examples.length)));
    }
  }
  const sum = (of: (table: TableComparison) => number) => tables.reduce((all, table) => all + of(table), 0);
  return { rows: sum(({ rows }) => rows), differences: sum((table) => table.differences), tables, examples };
}
