import { buildSchema, lexicographicSortSchema, printSchema } from 'graphql';

/**
 * The whole schema as one text that depends on nothing but its meaning: types and fields in alphabetical order.
 * It is committed as `schema.graphql`, and a check fails when the two differ.
 * @throws Error when the parts do not make a valid schema
 */
export function printedSchema(typeDefs: readonly string[]): string {
  const schema = lexicographicSortSchema(buildSchema(typeDefs.join('\n\n')));
  return `# Made from the contracts and the read models: do not edit.\n\n${printSchema(schema)}\n`;
}
