import fc from 'fast-check';
import type pg from 'pg';
import { freshTabs } from './projector.fixtures.js';
import { arrayOf, rowsFrom } from './row-arrays.js';
import type { Columns, ColumnType } from './table.js';

let pool: pg.Pool;
beforeAll(async () => {
  ({ pool } = await freshTabs('row_arrays'));
});
afterAll(() => pool.end());

type PlainRow = Readonly<Record<string, unknown>>;

/** The rows as PostgreSQL has understood them, without their order. */
async function understood(columns: Columns, rows: readonly PlainRow[]): Promise<unknown[]> {
  const arrays = Object.entries(columns).map(([name, type]) => {
    const values = rows.map((row) => row[name]);
    return arrayOf(type, values);
  });
  const found = await pool.query<{ row: unknown }>(
    `SELECT row_to_json(k) AS row FROM ${rowsFrom(columns)} k`,
    arrays,
  );
  return found.rows.map(({ row }) => row);
}

const columns = {
  text: 'text',
  maybe: 'text?',
  int: 'int',
  bigint: 'bigint',
  boolean: 'boolean?',
  uuid: 'uuid',
  date: 'date',
  jsonb: 'jsonb',
  texts: 'text[]',
  uuids: 'uuid[]?',
} as const satisfies Columns;

it('rows arrive as they were sent, whatever is in them', async () => {
  const awkward = fc.constantFrom(
    '',
    'NULL',
    'null',
    '"',
    '\\',
    '{',
    '}',
    ',',
    ' ',
    '\n\t',
    '{a,"b"}',
    'Bản Bó',
  );
  // PostgreSQL keeps no NUL in a text.
  const word = fc
    .oneof(awkward, fc.string(), fc.string({ unit: 'grapheme' }))
    .map((text) => text.replaceAll('\0', ''));
  const row: fc.Arbitrary<PlainRow> = fc.record({
    text: word,
    maybe: fc.option(word),
    int: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
    bigint: fc.maxSafeInteger(),
    boolean: fc.option(fc.boolean()),
    uuid: fc.uuid(),
    date: fc.constantFrom('2022-04-18', '2024-02-29'),
    jsonb: fc.oneof(word, fc.integer(), fc.array(word), fc.dictionary(fc.constantFrom('a', 'b'), word)),
    texts: fc.array(word),
    uuids: fc.option(fc.array(fc.uuid(), { maxLength: 2 })),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(row, { maxLength: 6 }), async (rows) => {
      expect(await understood(columns, rows)).toEqual(rows);
    }),
    { numRuns: 100 },
  );
}, 60_000);

it('what a row leaves out is null', async () => {
  expect(await understood({ id: 'int', note: 'text?' }, [{ id: 1 }, { id: 2, note: undefined }])).toEqual([
    { id: 1, note: null },
    { id: 2, note: null },
  ]);
});

it.each<[ColumnType, unknown]>([
  ['text', ['a', 'b']],
  ['text', { a: 1, b: 2 }],
])('a %s that is %j stays one value: it never moves the rows behind it', async (type, value) => {
  const rows = [
    { id: 1, value },
    { id: 2, value: 'next' },
  ];
  expect(await understood({ id: 'int', value: type }, rows)).toEqual([
    { id: 1, value: JSON.stringify(value) },
    { id: 2, value: 'next' },
  ]);
});

it.each<[ColumnType, unknown, string]>([
  ['int', 1e12, '22003'],
  ['int', 1.5, '22P02'],
  ['int', [1, 2], '22P02'],
  ['uuid', 'a,b', '22P02'],
  ['text', 'a\0b', '22021'],
  ['jsonb', 'a\0b', '22P05'],
])('a %s that is %j is refused as the fault of its row', async (type, value, code) => {
  await expect(understood({ value: type }, [{ value }])).rejects.toMatchObject({ code });
});
