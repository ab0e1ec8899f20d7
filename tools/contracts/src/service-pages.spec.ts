import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { anchorOf, eventCatalogue, fieldsOf, typeOf } from './event-catalogue.js';
import { contexts, root } from './event-schemas.js';
import { servicePages } from './service-pages.js';
import { code, filled, table } from './tables.js';

describe('what is generated is what is committed (npm run contracts writes it)', () => {
  it('the tables in the README of each service', async () => {
    const pages = await servicePages();
    expect(pages).toHaveLength(contexts.length);
    for (const { file, text } of pages) expect(await readFile(file, 'utf8')).toBe(text);
  });

  it('the event catalogue', async () => {
    const { file, text } = await eventCatalogue();
    expect(await readFile(file, 'utf8')).toBe(text);
  });

  it('the catalogue has one place for every event, and every link of a README leads to one', async () => {
    const events = contexts.flatMap((context) => context.events);
    const anchors = events.map((event) => anchorOf(event));
    expect(new Set(anchors).size).toBe(events.length);
    for (const { text } of await servicePages())
      for (const [, anchor] of text.matchAll(/event-catalogue\.md#([\w-]+)/g))
        expect(anchors).toContain(anchor);
  });
});

describe('places in a page', () => {
  const page = 'a\n<!-- generated: x begin -->\nold\n<!-- generated: x end -->\nb';
  it('are filled, and filling again changes nothing', () => {
    const once = filled(page, { x: 'new' });
    expect(once).toContain('begin -->\n\nnew\n\n<!--');
    expect(once).not.toContain('old');
    expect(filled(once, { x: 'new' })).toBe(once);
  });
  it('must be there for every part', () =>
    expect(() => filled('no place', { x: 'new' })).toThrow('no place for "x"'));
  it('must not wait for a part that there is not', () =>
    expect(() => filled(page, {})).toThrow('nothing is generated for the place "x"'));
});

it('a cell keeps bars and line breaks from making new ones', () =>
  expect(table(['a'], [['x|y\nz']])).toBe('| a |\n| --- |\n| x\\|y z |'));

describe('types in words', () => {
  it.each([
    [{ type: 'string', format: 'uuid' }, 'UUID'],
    [{ type: 'string' }, 'text'],
    [{ type: 'string', maxLength: 300 }, 'text, up to 300 characters'],
    [{ type: 'string', pattern: '^\\d+$' }, 'text, matching `^\\d+$`'],
    [{ type: 'string', pattern: '^[^\\u0000]*$' }, 'text'],
    [{ type: 'string', enum: ['a', 'b'] }, '`a`, `b`'],
    [{ type: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER }, 'whole number, from 1'],
    [{ type: 'array', items: { type: 'integer' } }, 'list of whole number'],
    [{ type: 'boolean' }, 'boolean'],
  ])('%j is "%s"', (schema, words) => expect(typeOf(schema)).toBe(words));

  it('fields inside fields follow with their path', () =>
    expect(
      fieldsOf({
        type: 'object',
        required: ['held'],
        properties: {
          held: { type: 'object', required: ['to'], properties: { to: { type: 'boolean' } } },
          reach: { type: 'array', items: { type: 'object', properties: { people: { type: 'boolean' } } } },
        },
      }).map(([path, , required]) => [path, required]),
    ).toEqual([
      [code('held'), 'yes'],
      [code('held.to'), 'yes'],
      [code('reach'), 'no'],
      [code('reach[].people'), 'no'],
    ]));
});

it.each(['planning', 'reporting', 'monitoring'])(
  '%s: main.ts holds no settings of its own',
  async (service) =>
    expect(await readFile(join(root, 'apps', service, 'src', 'main.ts'), 'utf8')).toMatch(
      /settings: (z\.object\(\{\}\)|\w+Settings),/,
    ),
);
