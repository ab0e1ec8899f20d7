/** Column types of read tables; a trailing `?` allows null. */
type Plain =
  'uuid' | 'text' | 'int' | 'bigint' | 'boolean' | 'date' | 'timestamptz' | 'jsonb' | 'uuid[]' | 'text[]';
export type ColumnType = Plain | `${Plain}?`;

interface Values {
  uuid: string;
  text: string;
  int: number;
  bigint: number;
  boolean: boolean;
  /** YYYY-MM-DD */
  date: string;
  /** RFC 3339 */
  timestamptz: string;
  jsonb: unknown;
  'uuid[]': string[];
  'text[]': string[];
}

type ValueOf<T extends ColumnType> = T extends `${infer P extends Plain}?`
  ? Values[P] | null
  : T extends Plain
    ? Values[T]
    : never;

export type Columns = Readonly<Record<string, ColumnType>>;
export type RowOf<C extends Columns> = { -readonly [K in keyof C]: ValueOf<C[K]> };

/** A table of a read model: which rows there are, and what tells them apart. */
export interface ReadTable<C extends Columns = Columns> {
  readonly name: string;
  // Plain strings here, checked where a table is declared: a table of any columns is then a ReadTable without a cast.
  readonly key: readonly string[];
  readonly columns: C;
  /** Column lists of its secondary indexes. */
  readonly indexes: readonly (readonly string[])[];
  /** Column lists of the secondary indexes of its history: what a question as of an instant looks rows up by. */
  readonly historyIndexes: readonly (readonly string[])[];
}

export type Row<T> = T extends ReadTable<infer C> ? RowOf<C> : never;

/**
 * Declares a read table. A row is written by the events of one stream only: then no two partitions ever touch the same
 * row, and what belongs together from several streams is joined when it is asked.
 */
export function readTable<const C extends Columns>(
  name: string,
  shape: {
    columns: C;
    key: readonly (keyof C & string)[];
    indexes?: readonly (readonly (keyof C & string)[])[];
    historyIndexes?: readonly (readonly (keyof C & string)[])[];
  },
): ReadTable<C> {
  const { key, columns, indexes = [], historyIndexes = [] } = shape;
  return { name, key, columns, indexes, historyIndexes };
}
