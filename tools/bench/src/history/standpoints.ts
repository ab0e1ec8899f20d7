import type { Document } from '../query/documents.js';
import type { Statement } from '../query/statements.js';

type Question = Pick<Document, 'name' | 'query' | 'variables'>;

/** The same question as of an instant. @param asOf RFC 3339 */
export const asOfQuestion = ({ name, query, variables }: Question, asOf: string): Question => ({
  name: `${name} as of`,
  query: query.replace('(', '($asOf: DateTime, ').replace(/\{\s*(\w+)\(/, '{ $1(asOf: $asOf, '),
  variables: { ...variables, asOf },
});

/** The statements over a copy of the read tables. @throws when they do not name any of them */
export function over(schema: string, statements: readonly Statement[]): Statement[] {
  const moved = statements.map(({ sql, values }) => ({
    sql: sql.replaceAll('read."', `${schema}."`),
    values,
  }));
  if (moved.every(({ sql }, index) => sql === statements[index]!.sql))
    throw new Error('the SQL names no read table');
  return moved;
}

/**
 * The statements that were asked as of an instant, as of another one. What else the operation has asked, how fresh rows
 * are, is the same for every question. @throws when none was
 */
export function asOf(instant: string, seen: string, statements: readonly Statement[]): Statement[] {
  const isSeen = (value: string | null) => value !== null && Date.parse(value) === Date.parse(seen);
  const asked = statements.filter(({ values }) => values.some(isSeen));
  if (asked.length === 0) throw new Error(`the SQL was not asked as of ${seen}`);
  return asked.map(({ sql, values }) => ({
    sql,
    values: values.map((value) => (isSeen(value) ? instant : value)),
  }));
}
