import { z } from 'zod';

/** Leaves out of JSON data what a schema does not name, at every depth; checks nothing. */
export type Pruner = (value: unknown) => unknown;

/**
 * What prunes data of a schema; undefined when there is nothing to prune in it. A choice between shapes (z.union) is left
 * as it is: which of them was meant, only validating would tell.
 */
export function prunerOf(schema: z.ZodType): Pruner | undefined {
  if (schema instanceof z.ZodObject) return ofObject(schema.shape as Record<string, z.ZodType>);
  if (schema instanceof z.ZodArray) {
    const prune = prunerOf(schema.element as z.ZodType);
    return prune && ((list) => (Array.isArray(list) ? list.map(prune) : list));
  }
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodReadonly
  )
    return prunerOf(schema.unwrap() as z.ZodType);
  return undefined;
}

function ofObject(shape: Readonly<Record<string, z.ZodType>>): Pruner {
  const fields = new Map(Object.entries(shape).map(([field, schema]) => [field, prunerOf(schema)]));
  const inner = [...fields.values()].some((prune) => prune);
  return (value) => {
    if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
    const entries = Object.entries(value);
    // Almost always there is nothing to leave out: then the object that was parsed will do.
    if (!inner && entries.every(([field]) => fields.has(field))) return value;
    return Object.fromEntries(
      entries
        .filter(([field]) => fields.has(field))
        .map(([field, one]) => [field, fields.get(field)?.(one) ?? one]),
    );
  };
}
