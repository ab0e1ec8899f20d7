import { encodeCursor, type CursorKeys } from '@loa/graphql';
import { allOf, jsonList, jsonObject, type Parameters } from './sql-text.js';

/** A total is counted no further than this: nobody reads on, and counting more costs every reader. */
export const MOST_COUNTED = 10_000;

/** SDL that every list stands on. */
export const connectionSdl = `
"""
Where a page of a list lies.
"""
type PageInfo {
  hasNextPage: Boolean!
  """
  True when the page was asked for with \`after\`.
  """
  hasPreviousPage: Boolean!
  startCursor: String
  """
  Send it as \`after\` to get the next page.
  """
  endCursor: String
}

"""
A whole number from 0 to 2^53 - 1, a JSON number: sums may grow beyond an Int.
"""
scalar Count

"""
An exact decimal number as text, e.g. "0.7500".
"""
scalar Decimal
`;

/** SDL of the connection of a type. */
export const connectionType = (node: string, name = node): string => `
type ${name}Connection {
  edges: [${name}Edge!]!
  pageInfo: PageInfo!
  """
  How many there are in all; counted up to ${MOST_COUNTED}.
  """
  totalCount: Int!
}

type ${name}Edge {
  cursor: String!
  node: ${node}!
}
`;

/** What rows are sorted by. */
export interface SortKey {
  readonly sql: string;
  /** Its type, e.g. `timestamptz`. */
  readonly type: string;
}

/** Which rows of a list to read. */
export interface Slice {
  readonly first: number;
  /** The sort keys of the row to read on from. */
  readonly after: CursorKeys | undefined;
  /** Whether to count the rows on all pages. */
  readonly counted: boolean;
}

/** A list in a stable order. All text is SQL. */
export interface ListQuestion extends Slice {
  /** FROM what, e.g. `activity a`. */
  readonly from: string;
  /** The name under which rows are known to keys and node, e.g. `a`. */
  readonly alias: string;
  /** Columns of the page besides those of the alias. */
  readonly columns?: readonly string[];
  readonly where: readonly string[];
  /** Together they tell any two rows apart. */
  readonly keys: readonly SortKey[];
  readonly order: 'ASC' | 'DESC';
  readonly node: string;
}

/** What a list question answers. */
export interface ListAnswer<Node = unknown> {
  /** One more than the page when there is a next page. */
  readonly rows: readonly { readonly keys: CursorKeys; readonly node: Node }[];
  readonly total?: number;
}

/** One SELECT of one JSON value, a {@link ListAnswer}. */
export function listSql(list: ListQuestion, parameters: Parameters): string {
  const { from, alias, columns = [], where, order, after, node } = list;
  const keys = list.keys.map(({ sql }) => sql);
  const sort = keys.map((key) => `${key} ${order}`).join(', ');
  const row = jsonObject({ keys: `json_build_array(${keys.join(', ')})`, node });
  const total = `(SELECT count(*) FROM (SELECT FROM ${from} ${allOf(where)} LIMIT ${MOST_COUNTED}) counted)`;
  const rest = after ? [...where, beyond(list.keys, order, after, parameters)] : where;
  return `WITH page AS MATERIALIZED (
    SELECT ${[`${alias}.*`, ...columns].join(', ')} FROM ${from} ${allOf(rest)}
     ORDER BY ${sort} LIMIT ${parameters.add(list.first + 1, 'int')})
  SELECT ${jsonObject({
    rows: `(SELECT ${jsonList(row, sort)} FROM page ${alias})`,
    total: list.counted && total,
  })}`;
}

/** What comes after a row in the order of the list, written so that an index of the keys can be entered there. */
export const beyond = (
  keys: readonly SortKey[],
  order: 'ASC' | 'DESC',
  after: CursorKeys,
  parameters: Parameters,
): string => {
  const place = keys.map(({ type }, index) => parameters.add(after[index], type));
  return `(${keys.map(({ sql }) => sql).join(', ')}) ${order === 'ASC' ? '>' : '<'} (${place.join(', ')})`;
};

export interface Connection {
  readonly edges: readonly { readonly cursor: string; readonly node: unknown }[];
  readonly pageInfo: PageInfo;
  readonly totalCount: number | undefined;
}

export interface PageInfo {
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  readonly startCursor: string | null;
  readonly endCursor: string | null;
}

/** Which page of which list was asked for. */
export interface Page {
  /** Names the list and its order: a cursor of another one is refused. */
  readonly list: string;
  readonly first: number;
  readonly after: string | null | undefined;
}

/** The page as Relay words it. */
export function connection({ rows, total }: ListAnswer, page: Page): Connection {
  const edges = rows
    .slice(0, page.first)
    .map(({ keys, node }) => ({ cursor: encodeCursor(keys, page.list), node }));
  const pageInfo = pageInfoOf(edges, rows.length > page.first, page);
  return { edges, pageInfo, totalCount: total };
}

export const pageInfoOf = (
  edges: readonly { readonly cursor: string }[],
  hasNextPage: boolean,
  { after }: Pick<Page, 'after'>,
): PageInfo => ({
  hasNextPage,
  hasPreviousPage: after !== null && after !== undefined,
  startCursor: edges[0]?.cursor ?? null,
  endCursor: edges.at(-1)?.cursor ?? null,
});
