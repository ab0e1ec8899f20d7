import type { EventContract } from '@loa/event-sourcing';
import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { breaches, type JsonSchema } from './additive.js';
import { contexts, schemaFile, schemaOf } from './event-schemas.js';

const events = contexts.flatMap((context) => context.events as readonly EventContract[]);
const commands = contexts.flatMap((context) => context.commands);

describe('events', () => {
  it.each(events.map((event) => [`${event.type} v${event.schemaVersion}`, event] as const))(
    '%s is as it was committed (npm run contracts writes an addition)',
    async (_, event) => {
      expect(JSON.parse(await readFile(schemaFile(event), 'utf8'))).toEqual(schemaOf(event));
    },
  );

  it('keeps the schema of every version that was ever written', async () => {
    const known = new Set(events.map((event) => schemaFile(event)));
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

  it('say what they mean, and every refusal says it in Vietnamese and English', () => {
    for (const { meaning, refusals, warnings } of commands) {
      expect(meaning).toMatch(/^[A-Z].+\.$/);
      for (const { vi, en } of [...Object.values(refusals), ...Object.values(warnings)]) {
        expect(vi).toBe(vi.normalize('NFC'));
        expect(vi.length).toBeGreaterThan(10);
        expect(en.length).toBeGreaterThan(10);
      }
    }
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
  it('allows a new optional field, and other words', () =>
    expect(
      breaches(older, {
        ...older,
        description: 'new',
        properties: { ...older.properties, more: { type: 'string' } },
      }),
    ).toEqual([]));
  it.each([
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
  ])('refuses %s', (_, newer, sentence) => expect(breaches(older, newer).join('\n')).toContain(sentence));
});
