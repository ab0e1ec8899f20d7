/** Instants are compared as instants, and enum values by their letters: SQL and API spell both in their own way. */
function spelled(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  if (/^\d{4}-\d\d-\d\dT/.test(value)) return new Date(value).toISOString();
  return /^[A-Za-z_-]+$/.test(value) ? value.toLowerCase().replaceAll('-', '_') : value;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

/**
 * Where an answer says something else than what it was made from, as paths with both values; empty when they agree.
 * What `source` holds beyond the answer is not looked at: a SQL may answer more than a document asks for.
 */
export function differences(answer: unknown, source: unknown, path = 'data'): string[] {
  if (Array.isArray(answer) && Array.isArray(source)) {
    if (answer.length !== source.length) return [`${path}: ${answer.length} items, not ${source.length}`];
    return answer.flatMap((item, index) => differences(item, source[index], `${path}.${index}`));
  }
  if (isObject(answer) && isObject(source)) {
    return Object.entries(answer).flatMap(([key, value]) =>
      differences(value, source[key], `${path}.${key}`),
    );
  }
  if (spelled(answer) === spelled(source)) return [];
  return [`${path}: ${JSON.stringify(answer)}, not ${JSON.stringify(source)}`];
}
