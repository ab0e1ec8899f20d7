import { openPool, type DatabaseAccess } from '@loa/database';
import {
  accept,
  decider,
  decision,
  evolveBy,
  language,
  refuse,
  snapshotForm,
  type Decider,
  type EventOf,
} from '@loa/event-sourcing';
import { EventStore, eventStoreMigrations, Snapshots } from '@loa/event-store';
import { eventually, freshDatabase } from '@loa/testing';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { CommandDoor } from './command-door.js';
import { streamIdOf } from './ids.js';
import { fromStreams } from './lookups.js';
import { Rehydration } from './rehydration.js';

const { command, event } = language('testing', {
  taken: { vi: 'Trang {page} đã có.', en: 'Page {page} is there already.' },
});
const AddPage = command('AddPage', {
  meaning: 'A page is added to a book.',
  target: 'bookId',
  input: z.object({ bookId: z.uuid(), page: z.int() }),
  refusals: ['taken'],
});
const PageAdded = event('PageAdded', 1, 'A page was added. Stream: the book.', z.object({ page: z.int() }));

/** A Set: JSON alone would lose it. */
type Book = ReadonlySet<number>;
const addPage = decision(AddPage, {}, ({ page }, book: Book) =>
  book.has(page) ? refuse('taken', { details: { page } }) : accept(PageAdded({ page })),
);
let folded = 0;
const book: Decider<Book> = decider<Book>({
  aggregate: 'book',
  initial: new Set(),
  evolve: evolveBy<Book, EventOf<typeof PageAdded>>({
    PageAdded: (pages, { page }) => {
      folded += 1;
      return new Set(pages).add(page);
    },
  }),
  decisions: [addPage],
});
const form = (schema: number) =>
  snapshotForm<Book, readonly number[]>({
    schema,
    keep: (pages) => [...pages],
    restore: (pages) => new Set(pages),
  });

let access: DatabaseAccess;
let owner: ReturnType<typeof openPool>;
let store: EventStore;
let bookId: string;
const streamOf = () => streamIdOf('book', [bookId]);
const doorFor = (...deciders: Decider<Book>[]) => {
  const rehydration = new Rehydration(store, [PageAdded]);
  const parts = { context: 'testing', store, deciders, rehydration, lookups: {}, now: () => new Date() };
  return Object.assign(new CommandDoor(parts), { rehydration });
};
type Door = ReturnType<typeof doorFor>;
const kept = (schema = 1) => doorFor({ ...book, snapshot: form(schema) });
const add = (door: Door, page: number) =>
  door.handle('AddPage', { input: { bookId, page }, idempotencyKey: randomUUID() });

beforeAll(async () => {
  access = await freshDatabase('snapshots', { migrations: eventStoreMigrations });
  owner = openPool({ connectionString: access.owner, applicationName: 'owner' });
});
afterAll(() => owner.end());
beforeEach(async () => {
  store = new EventStore(openPool({ connectionString: access.runtime, applicationName: 'snapshots' }));
  bookId = randomUUID();
  await fill(150);
});
afterEach(() => store.close());

/** Pages up to that one, without any snapshot. */
async function fill(last: number): Promise<void> {
  const { version } = await store.load(streamOf());
  const events = Array.from({ length: last - version }, (_, index) => ({
    eventId: randomUUID(),
    type: PageAdded.type,
    schemaVersion: 1,
    data: JSON.stringify({ page: version + index + 1 }),
    meta: '{}',
  }));
  await store.append({ streamId: streamOf(), expected: version, events });
}

async function withSnapshot(): Promise<Door> {
  const door = kept();
  await add(door, 151);
  await door.rehydration.settled();
  expect(door.rehydration.counters).toEqual({ events: 150, used: 0, taken: 1, broken: 0, failed: 0 });
  return door;
}

/** What both must say of a page that is there, of one in the tail, and of a new one. */
async function expectSameDecisions(door: Door): Promise<void> {
  for (const page of [1, 150, 151]) {
    const answer = await add(door, page);
    expect(answer).toMatchObject({ status: 'refused', code: 'taken', details: { page } });
    expect(answer).toEqual(await add(doorFor(book), page));
  }
  const next = (await store.load(streamOf())).version + 1;
  expect(await add(door, next)).toMatchObject({ status: 'accepted', version: next });
}

it('decides the same with a snapshot as without, and folds only what came after it', async () => {
  const door = await withSnapshot();
  folded = 0;
  await add(door, 1);
  expect(folded).toBe(1);
  await expectSameDecisions(door);
  expect(door.rehydration.counters.used).toBeGreaterThan(0);
});

it.each([
  [
    'what a decision looks up is read from its snapshot too',
    { ...book, snapshot: form(1) },
    { events: 1, used: 1 },
  ],
  ['of things that have no snapshots it is all that happened', book, { events: 151, used: 0 }],
])('%s', async (_, decider, read) => {
  await withSnapshot();
  const rehydration = new Rehydration(store, [PageAdded]);
  const found = await fromStreams(rehydration, decider)([streamOf(), randomUUID()]);
  expect([...found.keys()]).toEqual([streamOf()]);
  expect([...(found.get(streamOf()) as Book)]).toEqual(Array.from({ length: 151 }, (__, index) => index + 1));
  expect(rehydration.counters).toMatchObject(read);
});

it('takes one only when the stream is a hundred events past the last', async () => {
  const door = await withSnapshot();
  for (let page = 152; page < 160; page += 1) await add(door, page);
  await door.rehydration.settled();
  expect(door.rehydration.counters.taken).toBe(1);
  await fill(251);
  await add(door, 252);
  await door.rehydration.settled();
  expect(door.rehydration.counters.taken).toBe(2);
  expect(await new Snapshots(store.pool).load(streamOf(), 1)).toMatchObject({ since: 251, version: 252 });
});

it('takes none for things that do not ask for it, and none after a refusal', async () => {
  for (const door of [doorFor(book), kept()]) {
    await add(door, 1);
    await door.rehydration.settled();
  }
  await add(doorFor(book), 151);
  expect((await new Snapshots(store.pool).load(streamOf(), 1)).since).toBe(0);
});

it('leaves one of another form aside, and puts its own in the place of an older', async () => {
  await withSnapshot();
  const newer = kept(2);
  await expectSameDecisions(newer);
  await newer.rehydration.settled();
  expect(newer.rehydration.counters).toMatchObject({ used: 0, taken: 1, broken: 0, failed: 0 });
  const older = kept(1);
  await add(older, 500);
  await older.rehydration.settled();
  expect((await new Snapshots(store.pool).load(streamOf(), 2)).since).toBeGreaterThan(0);
});

it('is of one kind of thing: another one under the same id does not take it for its own', async () => {
  await withSnapshot();
  const rehydration = new Rehydration(store, [PageAdded]);
  const shelf = { ...book, aggregate: 'shelf', snapshot: form(1) };
  expect(await rehydration.load(shelf, streamOf())).toMatchObject({ since: 0, version: 151 });
  expect(rehydration.counters).toMatchObject({ used: 0, broken: 0 });
});

it.each([
  ['an altered state', `state = '[1]'`, 1],
  ['a state that is not of its form', `state = '{"a": 1}'`, 1],
  [
    'another version',
    'version = 140, event_id = (SELECT event_id FROM es.event e WHERE e.stream_id = s.stream_id AND e.version = 140)',
    1,
  ],
  // The log has no such event: as after a restored backup.
  ['an event that is not in the log', 'event_id = gen_random_uuid()', 0],
  ['a version past the end', 'version = 9999', 0],
])('does not believe %s', async (_, change, broken) => {
  const door = await withSnapshot();
  await owner.query(`UPDATE es.snapshot s SET ${change} WHERE stream_id = $1`, [streamOf()]);
  await add(door, 1);
  expect(door.rehydration.counters).toMatchObject({ used: 0, broken });
  await expectSameDecisions(door);
});

it('an older one never takes the place of a newer one', async () => {
  const snapshots = new Snapshots(store.pool);
  const { events } = await store.load(streamOf());
  const at = (version: number) => ({
    streamId: streamOf(),
    version,
    eventId: events[version - 1]!.eventId,
    stateSchema: 1,
    state: JSON.stringify(events.slice(0, version).map((_, index) => index + 1)),
  });
  await Promise.all([120, 110, 140, 100, 130].map((version) => snapshots.save(at(version))));
  expect((await snapshots.load(streamOf(), 1)).since).toBe(140);
  await snapshots.save(at(90));
  expect((await snapshots.load(streamOf(), 1)).since).toBe(140);
});

it('answers also when a snapshot cannot be saved', async () => {
  await owner.query('ALTER TABLE es.snapshot ADD CONSTRAINT "full" CHECK (version < 0) NOT VALID');
  const door = kept();
  expect(await add(door, 151)).toMatchObject({ status: 'accepted' });
  await door.rehydration.settled();
  await owner.query('ALTER TABLE es.snapshot DROP CONSTRAINT "full"');
  expect(door.rehydration.counters).toMatchObject({ taken: 0, failed: 1 });
});

it('answers before its snapshot is saved', async () => {
  const other = await owner.connect();
  // Snapshots can be read, and whoever writes one waits.
  await other.query('BEGIN; LOCK TABLE es.snapshot IN EXCLUSIVE MODE');
  const door = kept();
  try {
    let answer: unknown;
    const answering = add(door, 151).then((given) => (answer = given));
    await eventually(() => expect(answer).toMatchObject({ status: 'accepted' }), { within: 20_000 });
    await answering;
    expect(door.rehydration.counters).toMatchObject({ taken: 0, failed: 0 });
  } finally {
    await other.query('ROLLBACK');
    other.release();
  }
  await door.rehydration.settled();
  expect(door.rehydration.counters).toMatchObject({ taken: 1, failed: 0 });
});
