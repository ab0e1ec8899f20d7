import { openPool } from '@loa/database';
import { EventStore, eventStoreMigrations } from '@loa/event-store';
import { freshDatabase } from '@loa/testing';
import { DATA, EVENTS_PER_APPEND, META, TYPE } from './payload.js';
import { callOf, floorTable, insertOf, textsOf, type Texts } from './statements.js';

const parameters: Texts = { type: '$1', data: '$2', meta: '$3' };

let store: EventStore;
beforeAll(async () => {
  const { owner } = await freshDatabase('bench_statements', { migrations: eventStoreMigrations });
  store = new EventStore(openPool({ connectionString: owner, applicationName: 'loa-bench-spec', max: 1 }));
  await store.pool.query(floorTable);
});
afterAll(() => store.close());

it.each([1, 4, 8, 11, 32])('a call of %i appends writes them all', async (appends) => {
  const before = await store.head();
  const { type, data, meta } = textsOf(appends * EVENTS_PER_APPEND);
  const { rows } = await store.pool.query<{ status: number }>(callOf(appends, parameters), [
    type,
    data,
    meta,
  ]);
  expect(rows.map(({ status }) => status)).toEqual(Array.from({ length: appends }, () => 0));
  const events = await store.pool.query<object>(
    `SELECT version, type, schema_version AS schema, data::text, meta::text FROM es.event WHERE position > $1 ORDER BY position`,
    [before],
  );
  const event = (_: unknown, index: number) => ({
    version: (index % EVENTS_PER_APPEND) + 1,
    type: TYPE,
    schema: 1,
    data: DATA,
    meta: META,
  });
  expect(events.rows).toEqual(Array.from({ length: appends * EVENTS_PER_APPEND }, event));
});

it('the INSERT of the floor writes the rows of one append', async () => {
  const { rowCount } = await store.pool.query(insertOf(parameters), [TYPE, DATA, META]);
  expect(rowCount).toBe(EVENTS_PER_APPEND);
});
