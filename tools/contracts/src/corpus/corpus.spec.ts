import { appendFile, cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { promisedVersions, schemaFile } from '../event-schemas.js';
import { chapters, corpusFolder, wanted, writeChapter } from './corpus.js';
import { fieldsHeld, fieldsNamed, notShown, type Wanted } from './coverage.js';
import { storyOf } from './story.js';

const written = await chapters();
const events = written.flatMap(({ file, story }) =>
  Object.entries(story).flatMap(([context, list]) =>
    list.map((event, index) => [`${file} ${context} ${index + 1}: ${event.type}`, event] as const),
  ),
);

describe('the corpus', () => {
  it('shows every version of every event, and every field (npm run contracts writes a chapter)', () =>
    expect(
      notShown(
        wanted(),
        written.map(({ story }) => story),
      ),
    ).toEqual([]));

  it.each(events)('%s fits the schema that was committed for its version', async (_, event) => {
    const promised = promisedVersions.find(
      (one) => one.event.type === event.type && one.schemaVersion === event.schemaVersion,
    );
    expect(promised?.schema.parse(event.data)).toEqual(event.data);
    const file = schemaFile(promised!.event, event.schemaVersion);
    const committed = z.fromJSONSchema(
      JSON.parse(await readFile(file, 'utf8')) as z.core.JSONSchema.JSONSchema,
    );
    expect(committed.parse(event.data)).toEqual(event.data);
  });

  it('names no stream in two chapters', () => {
    const streams = written.map(
      ({ story }) =>
        new Set(
          Object.values(story)
            .flat()
            .map((one) => one.streamId),
        ),
    );
    const all = streams.flatMap((chapter) => [...chapter]);
    expect(new Set(all).size).toBe(all.length);
  });
});

describe('a folder of chapters', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'loa-corpus-'));
    await cp(corpusFolder, folder, { recursive: true });
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('gets nothing new while all is shown', async () => {
    expect(await writeChapter({ folder })).toBeUndefined();
    expect(await readdir(folder)).toEqual(await readdir(corpusFolder));
  });

  const grown: Wanted[] = [
    ...wanted(),
    { type: 'planning.PlanIssued', schemaVersion: 2, schema: { type: 'object' } },
  ];
  const tell = (chapter: number) => {
    const { planning = [], ...others } = storyOf(chapter);
    const next = planning.map((event) =>
      event.type === 'planning.PlanIssued' ? { ...event, schemaVersion: 2 } : event,
    );
    return { ...others, planning: next };
  };

  it('gets a chapter for a new version, once, and the earlier ones stay', async () => {
    const next = `${String(written.length + 1).padStart(4, '0')}.json`;
    expect(await writeChapter({ folder, versions: grown, tell })).toBe(next);
    expect(await writeChapter({ folder, versions: grown, tell })).toBeUndefined();
    const now = await chapters(folder);
    expect(now.slice(0, -1)).toEqual(written);
    expect(now.at(-1)?.file).toBe(next);
  });

  it('refuses what the story does not show either, and stays as it is', async () => {
    await expect(writeChapter({ folder, versions: grown })).rejects.toThrow(
      'story.ts must show it:\n  planning.PlanIssued v2 is not in the corpus',
    );
    expect(await chapters(folder)).toEqual(written);
  });

  it.each([
    ['a chapter was changed', () => appendFile(join(folder, '0001.json'), ' '), '0001.json of loa-corpus-'],
    ['a chapter is gone', () => rm(join(folder, '0001.json')), 'SHA256SUMS names 0001.json'],
    ['a chapter was slipped in', () => writeFile(join(folder, '0000.json'), '{}'), 'holds 0000.json'],
  ])('is refused when %s', async (_, harm, words) => {
    await harm();
    await expect(chapters(folder)).rejects.toThrow(words);
  });
});

describe('fields', () => {
  const schema = {
    type: 'object',
    properties: {
      name: { type: 'string' },
      held: { type: 'object', properties: { from: {}, to: {} } },
      reach: { type: 'array', items: { type: 'object', properties: { people: {} } } },
    },
  };
  it('of a schema and of data are named in one way', () => {
    const data = { name: 'a', held: { from: 1, to: 2 }, reach: [{ people: 1 }, { people: 2 }] };
    expect(new Set(fieldsHeld(data))).toEqual(new Set(fieldsNamed(schema)));
  });
  it('that no event shows are told', () => {
    const event = { streamId: 's', type: 'a.B', schemaVersion: 1, occurredAt: '', recordedAt: '' };
    const story = { a: [{ ...event, data: { name: 'x', held: { from: 1 }, reach: [] } }] };
    expect(notShown([{ type: 'a.B', schemaVersion: 1, schema }], [story])).toEqual([
      'a.B v1 is in the corpus, but never with held.to',
      'a.B v1 is in the corpus, but never with reach[].people',
    ]);
  });
});
