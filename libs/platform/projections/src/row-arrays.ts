import type { Columns, ColumnType } from './table.js';

const plain = (type: ColumnType) => type.replace('?', '');
const isArray = (type: ColumnType) => plain(type).endsWith('[]');

/**
 * Rows that travel as one array a column: PostgreSQL parses them several times faster than the same rows as JSON. The
 * values of an array column travel as texts, because unnest takes arrays of arrays apart down to their elements.
 * @returns `(SELECT "id", … FROM unnest($1::uuid[], …) …)`
 */
export function rowsFrom(columns: Columns): string {
  const entries = Object.entries(columns);
  const arrays = entries.map(([, type], n) => `$${n + 1}::${isArray(type) ? 'text' : plain(type)}[]`);
  const values = entries.map(([name, type]) =>
    isArray(type) ? `"${name}"::${plain(type)} AS "${name}"` : `"${name}"`,
  );
  const names = entries.map(([name]) => `"${name}"`);
  return `(SELECT ${values.join(', ')} FROM unnest(${arrays.join(', ')}) AS a (${names.join(', ')}))`;
}

/** Values of one column, null and undefined among them, as the text of a PostgreSQL array. */
export function arrayOf(type: ColumnType, values: readonly unknown[]): string {
  if (plain(type) === 'jsonb') return arrayOfTexts(values, JSON.stringify);
  if (isArray(type)) return arrayOfTexts(values, (value) => arrayOf('text', value as readonly unknown[]));
  if (!values.every(isPlain)) return arrayOfTexts(values, textOf);
  const json = JSON.stringify(values);
  // JSON writes such a list as PostgreSQL does, but for the brackets, as long as nothing in it has to be escaped.
  return json.includes('\\') ? arrayOfTexts(values, textOf) : `{${json.slice(1, -1)}}`;
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

const isPlain = (value: unknown): boolean => typeof value !== 'object' || value === null;

function arrayOfTexts(values: readonly unknown[], text: (value: unknown) => string): string {
  const elements: string[] = [];
  for (const value of values)
    elements.push(value === null || value === undefined ? 'NULL' : quoted(text(value)));
  return `{${elements.join(',')}}`;
}

const quoted = (text: string): string => `"${text.replace(/["\\]/g, '\\$&')}"`;
