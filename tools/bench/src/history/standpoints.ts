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

/** The statements with another instant in the place of the one they were seen with. @throws when it is not there */
export function asOf(instant: string, seen: string, statements: readonly Statement[]): Statement[] {
  let found = 0;
  const moved = statements.map(({ sql, values }) => ({
    sql,
    values: values.map((value) => {
      if (value === null || Date.parse(value) !== Date.parse(seen)) return value;
      found += 1;
      return instant;
    }),
  }));
  if (found === 0) throw new Error(`the SQL was not asked as of ${seen}`);
  return moved;
}
