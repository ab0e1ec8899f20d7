import { openPool, type Schema } from '@loa/database';
import { readProjector, readSchema } from '@loa/gateway';
import { Projector } from '@loa/projections';
import { freshDatabase } from '@loa/testing';
import type pg from 'pg';
import { describedServices } from '../services.js';
import { chapters } from './corpus.js';
import { delivered, statesOf, withMoreFields } from './replay.js';
import type { Story } from './story.js';

const written = (await chapters()).map(({ file, story }) => [file, story] as const);
const definitions = describedServices().map(({ definition }) => definition);
const readers = definitions.flatMap((definition) =>
  definition.knowledge ? [{ ...definition, knowledge: definition.knowledge }] : [],
);

/** The same logs as a newer release might have written them. */
const newer = (story: Story): Story =>
  Object.fromEntries(
    Object.entries(story).map(([context, events]) => [
      context,
      events.map((event) => ({ ...event, data: withMoreFields(event.data) })),
    ]),
  );

const states = (story: Story) =>
  Object.fromEntries(
    definitions.map(({ name, events, deciders }) => [
      name,
      statesOf(events, deciders, delivered(story[name] ?? [])),
    ]),
  );

/** One line a row, by table, of all tables whose history is kept; in the order of their keys. */
async function rowsIn(pool: pg.Pool, schema: string): Promise<Record<string, string[]>> {
  const { rows: tables } = await pool.query<{ name: string }>(
    `SELECT h.table_name AS name FROM information_schema.tables t JOIN information_schema.tables h
         ON h.table_schema = t.table_schema AND (h.table_name = t.table_name OR h.table_name = t.table_name || '_history')
      WHERE t.table_schema = $1 AND EXISTS (
        SELECT 1 FROM information_schema.tables k
         WHERE k.table_schema = $1 AND k.table_name = t.table_name || '_history')
      ORDER BY h.table_name`,
    [schema],
  );
  const found: Record<string, string[]> = {};
  for (const { name } of tables) {
    const { rows } = await pool.query<{ row: string }>(
      `SELECT row_to_json(t)::text AS row FROM ${schema}."${name}" t ORDER BY row_to_json(t)::text`,
    );
    found[name] = rows.map(({ row }) => row);
  }
  return found;
}

/** What a projector makes of a story in a database of its own. */
async function rowsOf(
  story: Story,
  schema: Schema,
  readSchemaName: string,
  open: (pool: pg.Pool) => Projector,
): Promise<Record<string, string[]>> {
  const access = await freshDatabase('corpus', schema);
  const pool = openPool({ connectionString: access.runtime, applicationName: 'corpus.spec' });
  try {
    const projector = open(pool);
    for (const source of projector.sources)
      await projector.handle({ source, partition: 0, events: delivered(story[source] ?? []) });
    expect(projector.counters).toMatchObject({ parked: 0, unknown: 0 });
    expect(projector.counters.applied).toBeGreaterThan(0);
    return await rowsIn(pool, readSchemaName);
  } finally {
    await pool.end();
  }
}

const readModels = (story: Story) => rowsOf(story, readSchema, 'read', (pool) => readProjector(pool));
const knowledge = (story: Story, { name, schema, knowledge: kept }: (typeof readers)[number]) =>
  rowsOf(story, schema, kept.schema, (pool) => new Projector(pool, { name: `${name}-knowledge`, ...kept }));

/** The history repeats the rows, an instant each: too long to read, and compared where two runs are. */
const withoutHistory = (tables: Record<string, string[]>) =>
  Object.fromEntries(Object.entries(tables).filter(([name]) => !name.endsWith('_history')));

describe.each(written)('chapter %s', (_, story) => {
  it('adds up to the same things in the deciders', () => expect(states(story)).toMatchSnapshot());

  it('adds up to the same rows in the read models', async () =>
    expect(withoutHistory(await readModels(story))).toMatchSnapshot());

  it.each(readers.map((reader) => [reader.name, reader] as const))(
    'adds up to the same rows in what %s knows of others',
    async (__, reader) => expect(withoutHistory(await knowledge(story, reader))).toMatchSnapshot(),
  );

  describe('with fields that a newer release has added at every place', () => {
    it('is the same to the deciders', () => expect(states(newer(story))).toEqual(states(story)));

    it('is the same to the read models, with their history', async () =>
      expect(await readModels(newer(story))).toEqual(await readModels(story)));

    it.each(readers.map((reader) => [reader.name, reader] as const))(
      'is the same to what %s knows of others',
      async (__, reader) =>
        expect(await knowledge(newer(story), reader)).toEqual(await knowledge(story, reader)),
    );
  });
});

it('leaves out no projection and no decider: every event of the corpus is taken in by one of each', async () => {
  for (const [, story] of written)
    for (const { name, events } of definitions)
      expect(new Set((story[name] ?? []).map(({ type }) => type))).toEqual(
        new Set(events.map(({ type }) => type)),
      );
});
