import { examplesIn } from '@loa/event-sourcing';
import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { z } from 'zod';
import { breaches, type JsonSchema } from './additive.js';
import { contexts, promisedVersions, schemaFile, schemaOf } from './event-schemas.js';

const events = contexts.flatMap((context) => context.events);
interface Pattern {
  readonly pattern: RegExp;
  /** What an issue says when text does not fit. */
  readonly message: string;
}

/** The patterns that a schema holds its text to, at whatever depth. */
function patternsIn(schema: z.core.$ZodType): Pattern[] {
  const { def } = schema._zod as z.core.$ZodTypes['_zod'];
  if (def.type === 'object') return Object.values(def.shape).flatMap(patternsIn);
  if (def.type === 'array') return patternsIn(def.element);
  if (def.type === 'optional' || def.type === 'default' || def.type === 'nullable')
    return patternsIn(def.innerType);
  return (def.checks ?? []).flatMap((check) => {
    const { format, pattern, error } = check._zod.def as Partial<z.core.$ZodCheckRegexDef>;
    if (format !== 'regex' || !pattern) return [];
    const said = (error as z.core.$ZodErrorMap | undefined)?.({
      code: 'invalid_format',
      format,
      input: '',
      path: [],
    });
    return [{ pattern, message: typeof said === 'string' ? said : (said?.message ?? '') }];
  });
}

const commands = contexts.flatMap((context) => context.commands);

describe('events', () => {
  it.each(promisedVersions.map((one) => [`${one.event.type} v${one.schemaVersion}`, one] as const))(
    '%s is as it was committed (npm run contracts writes an addition)',
    async (_, { event, schemaVersion, schema }) => {
      const committed: unknown = JSON.parse(await readFile(schemaFile(event, schemaVersion), 'utf8'));
      expect(committed).toEqual(schemaOf(event, schema));
    },
  );

  it('keeps the schema of every version that was ever written', async () => {
    const known = new Set(
      promisedVersions.map(({ event, schemaVersion }) => schemaFile(event, schemaVersion)),
    );
    for (const folder of new Set([...known].map((file) => dirname(file)))) {
      for (const file of await readdir(folder))
        expect([...known].map((one) => basename(one))).toContain(file);
    }
  });

  it('says what each one means, in a sentence that names its stream', () => {
    for (const { meaning } of events) expect(meaning).toMatch(/^[A-Z].+\. Stream: .+\.$/);
  });
});

describe('commands', () => {
  it('have names that are unique over all contexts: each is one mutation', () => {
    expect(new Set(commands.map(({ name }) => name)).size).toBe(commands.length);
  });

  it('say what they mean, and the Vietnamese is in NFC', () => {
    for (const { meaning, refusals, warnings } of commands) {
      expect(meaning).toMatch(/^[A-Z].+\.$/);
      for (const { vi } of [...Object.values(refusals), ...Object.values(warnings)]) {
        expect(vi).toBe(vi.normalize('NFC'));
      }
    }
  });

  it.each(
    commands.flatMap(({ name, refusals, warnings }) =>
      Object.entries({ ...refusals, ...warnings }).map(([code, words]) => ({ name, code, words })),
    ),
  )('$name, $code: what is wrong, and in a sentence of its own what to do', ({ words }) => {
    for (const text of [words.vi, words.en]) expect(text).toMatch(/^\p{Lu}[^.]{8,}\. \p{Lu}[^.]{8,}\.$/u);
  });

  // Control characters are told by a sentence of their own.
  const patterns = commands.flatMap(({ name, input }) =>
    patternsIn(input)
      .filter(({ message }) => message !== 'control-character')
      .map((one) => ({ name, ...one })),
  );
  it.each(patterns)('$name: text for $pattern is shown an example of it', ({ pattern, message }) => {
    const examples = examplesIn(message)?.split(', ') ?? [];
    expect(examples).not.toHaveLength(0);
    for (const example of examples) expect(example).toMatch(pattern);
  });

  it('name their target among the fields of their input', () => {
    for (const { input, target } of commands)
      for (const field of target) expect(Object.keys(input.shape)).toContain(field);
  });
});

describe('additive only', () => {
  const older: JsonSchema = {
    type: 'object',
    properties: { name: { type: 'string' }, kind: { type: 'string', enum: ['a', 'b'] } },
    required: ['name'],
  };
  /** What zod writes of a field, before and after a change that looks small. */
  const refinements = (
    [
      ['lowest number', z.int().min(0), z.int().min(1)],
      ['highest number', z.int().max(10), z.int().max(9)],
      ['highest number that is higher', z.int().max(10), z.int().max(11)],
      ['bound that is not included', z.int().min(0), z.int().gt(0)],
      ['step', z.number(), z.number().multipleOf(5)],
      ['shortest text', z.string(), z.string().min(1)],
      ['longest text', z.string().max(300), z.string().max(200)],
      ['pattern', z.string().regex(/^a/), z.string().regex(/^b/)],
      ['format', z.iso.date(), z.iso.datetime()],
      ['format where there was none', z.string(), z.uuid()],
      ['length of a list', z.array(z.string()), z.array(z.string()).min(1)],
      ['value of an enum', z.enum(['a', 'b']), z.enum(['a', 'b', 'c'])],
      ['one value', z.literal('a'), z.literal('b')],
      ['choice of types', z.string().nullable(), z.string()],
      ['openness for other fields', z.object({}), z.looseObject({})],
    ] as const
  ).map(
    ([what, was, is]) => [what, z.toJSONSchema(was), z.toJSONSchema(is)] as [string, JsonSchema, JsonSchema],
  );

  it('allows a new optional field, and other words', () =>
    expect(
      breaches(older, {
        ...older,
        description: 'new',
        properties: { ...older.properties, more: { type: 'string' } },
      }),
    ).toEqual([]));
  it.each<[string, JsonSchema, string, JsonSchema?]>([
    ['a field that is gone', { ...older, properties: { name: { type: 'string' } } }, 'kind is gone'],
    ['a field that became required', { ...older, required: ['name', 'kind'] }, 'kind became required'],
    ['a field that is no longer required', { ...older, required: [] }, 'name is no longer required'],
    [
      'another type',
      { ...older, properties: { ...older.properties, name: { type: 'integer' } } },
      'name. is described',
    ],
    [
      'another list of values',
      { ...older, properties: { ...older.properties, kind: { type: 'string', enum: ['a', 'b', 'c'] } } },
      'kind. is described',
    ],
    ...refinements.map(
      ([what, was, is]) =>
        [
          `another ${what}`,
          { ...older, properties: { ...older.properties, name: is } },
          'name. is described',
          { ...older, properties: { ...older.properties, name: was } },
        ] as [string, JsonSchema, string, JsonSchema],
    ),
    ['a list instead of one', { ...older, items: { type: 'string' } }, 'its items'],
    [
      'another field inside a list',
      { type: 'array', items: { ...older, required: [] } },
      '[].name is no longer required',
      { type: 'array', items: older },
    ],
  ])('refuses %s', (_, newer, sentence, was = older) =>
    expect(breaches(was, newer).join('\n')).toContain(sentence),
  );
});
