import { z } from 'zod';
import { prunerOf } from './known-fields.js';

const place = z.object({ name: z.string() });
const schema = z.object({
  id: z.uuid(),
  place,
  places: z.array(place),
  optional: place.optional(),
  nullable: place.nullable(),
  by_default: place.default({ name: 'x' }),
  readonly: place.readonly(),
  numbers: z.array(z.int()),
  refined: place.refine(() => true).meta({ id: 'RefinedPlace' }),
});
const known = { name: 'Ba Bể' };
const more = { ...known, later: 1 };
const of = (one: object) => ({
  id: '1',
  place: one,
  places: [one, one],
  optional: one,
  nullable: one,
  by_default: one,
  readonly: one,
  numbers: [1, 2],
  refined: one,
});
const prune = prunerOf(schema)!;

it('leaves out what the schema does not name, at every depth', () =>
  expect(prune({ ...of(more), later: { deep: true } })).toEqual(of(known)));

it('leaves everything else as it is, fitting or not', () => {
  expect(prune(of(known))).toEqual(of(known));
  const odd = { id: 3, place: null, places: 'none', nullable: null, numbers: [] };
  expect(prune(odd)).toEqual(odd);
  for (const value of [null, 1, 'text', [more]]) expect(prune(value)).toEqual(value);
});

it('has nothing to do where there are no objects', () => {
  expect(prunerOf(z.string())).toBeUndefined();
  expect(prunerOf(z.array(z.int()).optional())).toBeUndefined();
});
