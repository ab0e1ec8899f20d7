import { EntitySchema, type EntitySchemaColumnOptions } from 'typeorm';
import { rowsFrom } from './row-arrays.js';
import type { ColumnType, ReadTable } from './table.js';

const quoted = (names: readonly string[], alias = '') => names.map((name) => `${alias}"${name}"`).join(', ');

const RECORDED = { recorded_from: 'timestamptz', recorded_to: 'timestamptz' } as const;

/** Reads and writes many rows of one table in one statement; each statement with the columns of the rows it takes. */
export function tableSql(schema: string, table: ReadTable) {
  const name = `${schema}."${table.name}"`;
  const history = `${schema}."${table.name}_history"`;
  const columns = Object.keys(table.columns);
  const rest = columns.filter((column) => !table.key.includes(column));
  const key = Object.fromEntries(table.key.map((column) => [column, table.columns[column]!]));
  const onKey = table.key.map((column) => `t."${column}" = k."${column}"`).join(' AND ');
  const update = rest.map((column) => `"${column}" = excluded."${column}"`).join(', ');
  const states = { ...table.columns, ...RECORDED, closes: 'timestamptz?' } as const;
  const ends = { ...key, recorded_to: RECORDED.recorded_to } as const;
  return {
    read: {
      takes: key,
      text: `SELECT row_to_json(t) AS row FROM ${name} t JOIN ${rowsFrom(key)} k ON ${onKey}`,
    },
    /**
     * States of rows. The one that is open becomes the row; all become history. `closes`, at one state of a row that
     * may have been there before, is when what was open then ends. One statement, so that the rows travel and are
     * parsed once. What was open since that same instant is not closed but replaced, by the state that takes its key.
     */
    write: {
      takes: states,
      text: `WITH k AS MATERIALIZED ${rowsFrom(states)},
            kept AS (
              INSERT INTO ${name} (${quoted(columns)}) SELECT ${quoted(columns)} FROM k WHERE recorded_to = 'infinity'
              ON CONFLICT (${quoted(table.key)}) DO ${rest.length > 0 ? `UPDATE SET ${update}` : 'NOTHING'}),
            closed AS (
              UPDATE ${history} t SET recorded_to = k.closes FROM k
               WHERE k.closes IS NOT NULL AND ${onKey} AND t.recorded_to = 'infinity' AND t.recorded_from < k.closes)
            INSERT INTO ${history} (${quoted(columns)}, recorded_from, recorded_to)
            SELECT ${quoted(columns)}, recorded_from, recorded_to FROM k
            ON CONFLICT (${quoted(table.key)}, recorded_from) DO UPDATE SET
              ${update}${rest.length > 0 ? ', ' : ''}recorded_to = excluded.recorded_to`,
    },
    remove: { takes: key, text: `DELETE FROM ${name} t USING ${rowsFrom(key)} k WHERE ${onKey}` },
    /** Each key with the instant its open version ends. */
    closeHistory: {
      takes: ends,
      text: `UPDATE ${history} t SET recorded_to = k.recorded_to FROM ${rowsFrom(ends)} k
              WHERE ${onKey} AND t.recorded_to = 'infinity'`,
    },
  };
}

/** Puts a question before rows that stand in the place of the tables: as they are, or as they were recorded at an instant. */
export interface Standpoint {
  readonly schema: string;
  /** Every table the question names. One that is left out is unknown to it, whatever the search path. */
  readonly tables: readonly ReadTable[];
  /** The placeholder that holds the instant, e.g. `$2`; left out: now. */
  readonly asOf?: string;
}

/**
 * One text for both questions, "what is" and "what was known then": the SQL names tables without a schema, and finds
 * the rows of that standpoint under those names. NOT MATERIALIZED: the planner sees through to the tables and their
 * indexes, also where a table is named several times.
 * @param sql one SELECT, with or without its own WITH
 */
export function overTables(sql: string, { schema, tables, asOf }: Standpoint): string {
  const rows = asOf === undefined ? currentTables(schema, tables) : asOfTables(schema, tables, asOf);
  const own = /^\s*WITH\s+(RECURSIVE\s+)?/i.exec(sql);
  return own ? `WITH ${own[1] ?? ''}${rows},\n${sql.slice(own[0].length)}` : `WITH ${rows}\n${sql}`;
}

/** `"plan" AS (…), …`: the rows as they are. */
function currentTables(schema: string, tables: readonly ReadTable[]): string {
  return tables
    .map(
      ({ name, columns }) =>
        `"${name}" AS NOT MATERIALIZED (SELECT ${quoted(Object.keys(columns))} FROM ${schema}."${name}")`,
    )
    .join(',\n');
}

/**
 * `"plan" AS (…), …`: the rows as they were recorded at an instant.
 * @param parameter the placeholder that holds the instant, e.g. `$2`
 */
function asOfTables(schema: string, tables: readonly ReadTable[], parameter: string): string {
  return tables
    .map(
      ({ name, columns }) =>
        `"${name}" AS NOT MATERIALIZED (SELECT ${quoted(Object.keys(columns))} FROM ${schema}."${name}_history"
          WHERE recorded_from <= ${parameter}::timestamptz AND recorded_to > ${parameter}::timestamptz)`,
    )
    .join(',\n');
}

function columnOptions(type: ColumnType): EntitySchemaColumnOptions {
  const nullable = type.endsWith('?');
  const plain = type.replace('?', '');
  const array = plain.endsWith('[]');
  return { type: plain.replace('[]', '') as 'text', array, nullable };
}

/** The table and its history as TypeORM knows them: what migrations are compared with. */
export function entitiesOf(schema: string, table: ReadTable): EntitySchema[] {
  const columns = Object.fromEntries(
    Object.entries(table.columns).map(([name, type]) => [
      name,
      { ...columnOptions(type), primary: table.key.includes(name) },
    ]),
  );
  const indices = (name: string, lists: ReadTable['indexes']) =>
    lists.map((list) => ({ name: indexName(name, list), columns: [...list] }));
  const history = `${table.name}_history`;
  return [
    new EntitySchema({
      name: table.name,
      tableName: table.name,
      schema,
      columns,
      indices: indices(table.name, table.indexes),
    }),
    new EntitySchema({
      name: history,
      tableName: history,
      schema,
      columns: {
        ...columns,
        recorded_from: { type: 'timestamptz', primary: true },
        recorded_to: { type: 'timestamptz' },
      },
      indices: indices(history, table.historyIndexes),
    }),
  ];
}

/** What migrations must call the index, for TypeORM to find it again. PostgreSQL keeps 63 bytes of a name. */
const indexName = (table: string, columns: readonly string[]): string =>
  `${table}_${columns.join('_')}`.slice(0, 63);
