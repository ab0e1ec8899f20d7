import type { JsonSchema } from '../additive.js';
import type { Story } from './story.js';

/** What must stand in the corpus: one version of one event, and the fields that its schema names. */
export interface Wanted {
  readonly type: string;
  readonly schemaVersion: number;
  readonly schema: JsonSchema;
}

/** Fields that a schema names, e.g. `reach[].people`. */
export function fieldsNamed(schema: JsonSchema, path = ''): string[] {
  if (schema.items) return fieldsNamed(schema.items, `${path}[]`);
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const at = path ? `${path}.${name}` : name;
    return [at, ...fieldsNamed(field, at)];
  });
}

/** Fields that data has, in the same form. */
export function fieldsHeld(data: unknown, path = ''): string[] {
  if (Array.isArray(data)) return data.flatMap((one) => fieldsHeld(one, `${path}[]`));
  if (data === null || typeof data !== 'object') return [];
  return Object.entries(data).flatMap(([name, value]) => {
    const at = path ? `${path}.${name}` : name;
    return [at, ...fieldsHeld(value, at)];
  });
}

/** @returns a sentence for each version or field that no event of the chapters shows */
export function notShown(wanted: readonly Wanted[], chapters: readonly Story[]): string[] {
  const shown = new Map<string, Set<string>>();
  for (const event of chapters.flatMap((story) => Object.values(story).flat())) {
    const key = `${event.type} v${event.schemaVersion}`;
    const fields = shown.get(key) ?? new Set<string>();
    for (const field of fieldsHeld(event.data)) fields.add(field);
    shown.set(key, fields);
  }
  return wanted.flatMap(({ type, schemaVersion, schema }) => {
    const key = `${type} v${schemaVersion}`;
    const fields = shown.get(key);
    if (!fields) return [`${key} is not in the corpus`];
    return fieldsNamed(schema)
      .filter((field) => !fields.has(field))
      .map((field) => `${key} is in the corpus, but never with ${field}`);
  });
}
