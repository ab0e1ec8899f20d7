/** The part of JSON Schema that event schemas use. */
export interface JsonSchema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly [keyword: string]: unknown;
}

const words = new Set(['description', 'title', '$schema', 'id']);
const rest = (schema: JsonSchema) =>
  JSON.stringify(
    Object.entries(schema)
      .filter(([keyword]) => !words.has(keyword) && !['properties', 'required', 'items'].includes(keyword))
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );

/**
 * What keeps the newer schema of an event version from being an addition to the older one: readers of either must
 * understand what was written under the other. New optional fields are fine; everything else needs a new version.
 * @returns one sentence for each breach, with the path of the field
 */
export function breaches(older: JsonSchema, newer: JsonSchema, path = ''): string[] {
  const at = path || 'the event';
  const found: string[] = [];
  if (rest(older) !== rest(newer))
    found.push(`${at} is described otherwise: ${rest(older)} became ${rest(newer)}`);
  const [was, is] = [new Set(older.required), new Set(newer.required)];
  for (const field of was) if (!is.has(field)) found.push(`${path}${field} is no longer required`);
  for (const field of is) if (!was.has(field)) found.push(`${path}${field} became required`);
  for (const [field, schema] of Object.entries(older.properties ?? {})) {
    const now = newer.properties?.[field];
    if (now) found.push(...breaches(schema, now, `${path}${field}.`));
    else found.push(`${path}${field} is gone`);
  }
  if (older.items && newer.items) found.push(...breaches(older.items, newer.items, `${path}[].`));
  else if (older.items || newer.items) found.push(`${at} is described otherwise: its items`);
  return found;
}
