import { openPool, type DatabaseAccess } from '@loa/database';
import {
  accept,
  decider,
  decision,
  evolveBy,
  language,
  refuse,
  text,
  type CommandAccepted,
  type EventOf,
} from '@loa/event-sourcing';
import { EventStore, eventStoreMigrations } from '@loa/event-store';
import { freshDatabase } from '@loa/testing';
import { z } from 'zod';
import { CommandDoor } from './command-door.js';
import { Rehydration } from './rehydration.js';

const { command, event } = language('testing', {
  gone: { vi: 'Không có.', en: 'There is none.' },
  taken: { vi: 'Tên {name} đã có.', en: 'The name {name} is taken.' },
  long: { vi: 'Tên dài.', en: 'The name is long.' },
});
const NameThing = command('NameThing', {
  meaning: 'Give a thing a name.',
  target: 'thingId',
  creates: true,
  input: z.object({ thingId: z.uuid(), name: text(40) }),
  refusals: ['gone', 'taken'],
  warnings: ['long'],
});
const ThingNamed = event('ThingNamed', 1, 'A thing has a name.', z.object({ name: z.string() }));
const OtherNamed = event(
  'OtherNamed',
  1,
  'Another kind of thing has a name.',
  z.object({ name: z.string() }),
);
const NameOther = command('NameOther', {
  ...NameThing,
  target: 'thingId',
  creates: true,
  refusals: ['gone'],
  warnings: [],
});

const things = decider<number>({
  aggregate: 'thing',
  initial: 0,
  evolve: evolveBy<number, EventOf<typeof ThingNamed>>({ ThingNamed: (names) => names + 1 }),
  decisions: [
    decision(NameThing, {}, ({ name }, _names: number) =>
      name === 'nobody'
        ? refuse('gone', { field: 'name' })
        : accept(ThingNamed({ name }), {
            claims: [{ key: `name:${name}`, otherwise: 'taken', details: { name } }],
            warnings: name.length > 20 ? [{ code: 'long', field: 'name' }] : [],
          }),
    ),
  ],
});
const others = decider<number>({
  aggregate: 'other',
  initial: 0,
  evolve: evolveBy<number, EventOf<typeof OtherNamed>>({ OtherNamed: (names) => names + 1 }),
  decisions: [decision(NameOther, {}, ({ name }, _names: number) => accept(OtherNamed({ name })))],
});

const thingId = '00000000-0000-4000-8000-000000000001';
const now = new Date('2022-06-30T10:00:00.000Z');
let access: DatabaseAccess;
let store: EventStore;
let door: CommandDoor;
let keys = 0;
const name = (
  input: unknown,
  more: { idempotencyKey?: string; expectedVersion?: number; occurredAt?: string } = {},
) => door.handle('NameThing', { input, idempotencyKey: `key-${(keys += 1)}`, ...more });

beforeAll(async () => {
  access = await freshDatabase('door', { migrations: eventStoreMigrations });
});
beforeEach(() => {
  store = new EventStore(openPool({ connectionString: access.runtime, applicationName: 'door' }));
  door = new CommandDoor({
    context: 'testing',
    store,
    deciders: [things, others],
    rehydration: new Rehydration(store, [ThingNamed, OtherNamed]),
    lookups: {},
    now: () => now,
  });
});
afterEach(() => store.close());

it('accepts, and says where it stands', async () => {
  expect(await name({ thingId, name: 'loa' })).toEqual({
    status: 'accepted',
    id: thingId,
    version: 1,
    position: 1,
    streamId: thingId,
    warnings: [],
  });
});

it('mints an id from the key when there is none', async () => {
  const [first, again] = await Promise.all(
    [1, 2].map(() => name({ name: 'minted' }, { idempotencyKey: 'mint' }) as Promise<CommandAccepted>),
  );
  expect(first).toEqual(again);
  expect(first!.id).toMatch(/^[0-9a-f-]{36}$/);
});

it('answers the same key with the same answer, warnings and all, and stores once', async () => {
  const wish = { name: 'a name of more than twenty letters' };
  const once = await name(wish, { idempotencyKey: 'twice' });
  const head = await store.head();
  expect(await name(wish, { idempotencyKey: 'twice' })).toEqual(once);
  expect(once).toMatchObject({ status: 'accepted', warnings: [{ code: 'long', field: 'name' }] });
  expect(await store.head()).toBe(head);
});

it('carries the same key out once when it comes ten times at the same instant', async () => {
  const head = await store.head();
  const answers = await Promise.all(
    Array.from({ length: 10 }, () => name({ name: 'rush' }, { idempotencyKey: 'rush' })),
  );
  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  expect(await store.head()).toBe(head + 1);
});

it('refuses a used key with another wish', async () => {
  await name({ name: 'one wish' }, { idempotencyKey: 'reused' });
  expect(await name({ name: 'another wish' }, { idempotencyKey: 'reused' })).toMatchObject({
    status: 'refused',
    code: 'idempotency-key-reused',
  });
});

it('refuses a used key with another time of happening', async () => {
  await name({ name: 'on time' }, { idempotencyKey: 'when', occurredAt: '2022-06-01T00:00:00Z' });
  expect(
    await name({ name: 'on time' }, { idempotencyKey: 'when', occurredAt: '2022-06-02T00:00:00Z' }),
  ).toMatchObject({ code: 'idempotency-key-reused' });
});

it('takes an instant for the same however it is written', async () => {
  const input = { name: 'one instant' };
  const first = await name(input, { idempotencyKey: 'instant', occurredAt: '2022-06-01T07:00:00+07:00' });
  expect(first.status).toBe('accepted');
  for (const occurredAt of ['2022-06-01T00:00:00Z', '2022-06-01T00:00:00.000Z'])
    expect(await name(input, { idempotencyKey: 'instant', occurredAt })).toEqual(first);
});

it('refuses a stale version and says the current one', async () => {
  const id = '00000000-0000-4000-8000-00000000000a';
  await name({ thingId: id, name: 'v1' });
  await name({ thingId: id, name: 'v2' }, { expectedVersion: 1 });
  const stale = await name({ thingId: id, name: 'v3' }, { expectedVersion: 1 });
  expect(stale).toMatchObject({ code: 'version-conflict', details: { current: 2 } });
  expect(stale).toHaveProperty('message.en', expect.stringContaining('current version is 2'));
});

it('lets one of two win a name at the same instant, and tells the other', async () => {
  const answers = await Promise.all(
    ['b', 'c'].map((end) => name({ thingId: `00000000-0000-4000-8000-00000000000${end}`, name: 'unique' })),
  );
  expect(answers.map(({ status }) => status).sort()).toEqual(['accepted', 'refused']);
  expect(answers.find(({ status }) => status === 'refused')).toMatchObject({
    code: 'taken',
    message: { vi: 'Tên unique đã có.', en: 'The name unique is taken.' },
  });
});

it('carries out each of many commands to one thing once, or says that another came first', async () => {
  const id = '00000000-0000-4000-8000-00000000000d';
  const send = (n: number) => name({ thingId: id, name: `many ${n}` }, { idempotencyKey: `many-${n}` });
  const versions: number[] = [];
  let waiting = Array.from({ length: 20 }, (_, n) => n);
  // One at least gets through each time: whoever sends again gets there.
  for (let round = 0; waiting.length > 0 && round < 20; round += 1) {
    const answers = await Promise.all(waiting.map(send));
    for (const answer of answers) {
      if (answer.status === 'accepted') versions.push(answer.version);
      else expect(answer.code).toBe('version-conflict');
    }
    waiting = waiting.filter((_, place) => answers[place]!.status === 'refused');
    expect((await store.load(id)).version).toBe(versions.length);
  }
  expect(versions.sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, n) => n + 1));
});

it('does not mix two kinds of things under one id', async () => {
  const id = '00000000-0000-4000-8000-00000000000e';
  await name({ thingId: id, name: 'thing' });
  expect(
    await door.handle('NameOther', { input: { thingId: id, name: 'other' }, idempotencyKey: 'foreign' }),
  ).toMatchObject({
    code: 'id-in-use',
  });
});

it('keeps text in NFC', async () => {
  const id = '00000000-0000-4000-8000-00000000000f';
  await name({ thingId: id, name: 'Ủy ban'.normalize('NFD') });
  const { events } = await store.load(id);
  expect(JSON.parse(events[0]!.data)).toEqual({ name: 'Ủy ban'.normalize('NFC') });
});

it('keeps no halves of characters', async () => {
  const id = '00000000-0000-4000-8000-0000000000f1';
  await name({ thingId: id, name: 'a\ud83d b \ude00 \u{1f600}' });
  const { events } = await store.load(id);
  expect(JSON.parse(events[0]!.data)).toEqual({ name: 'a\ufffd b \ufffd \u{1f600}' });
});

it('keeps when it happened apart from when it was recorded', async () => {
  const id = '00000000-0000-4000-8000-000000000010';
  await name({ thingId: id, name: 'late entry' }, { occurredAt: '2022-04-01T09:00:00+07:00' });
  const { events } = await store.load(id);
  expect(JSON.parse(events[0]!.meta)).toMatchObject({ at: '2022-04-01T02:00:00.000Z', command: 'NameThing' });
});

it.each([
  ['a missing field', { thingId }, 'name', 'it is missing'],
  ['a wrong type', { thingId, name: 7 }, 'name', 'it must be text'],
  ['an unknown field', { thingId, name: 'x', colour: 'red' }, 'colour', 'no such field'],
  ['too much text', { thingId, name: 'x'.repeat(41) }, 'name', 'at most 40'],
  ['U+0000', { thingId, name: 'x\u0000y' }, 'name', 'control character'],
  ['no UUID', { thingId: 'seven', name: 'x' }, 'thingId', 'not a UUID'],
  ['no object', 'just text', 'input', 'it must be an object'],
])('refuses %s, and says where and what', async (_, input, field, words) => {
  const answer = await name(input);
  expect(answer).toMatchObject({ status: 'refused', code: 'invalid-input', field });
  expect(answer).toHaveProperty('message.en', expect.stringContaining(words));
  expect(answer).toHaveProperty('message.vi', expect.stringContaining(field));
});

it.each([
  ['in the future', '2022-07-01T00:00:00Z', 'in the future'],
  ['on a day that does not exist', '2022-02-30T08:00:00Z', 'not an instant that exists'],
  ['at an hour that does not exist', '2022-02-28T99:00:00Z', 'not an instant that exists'],
  ['at a time of no zone', '2022-04-05T08:00:00', 'not an instant that exists'],
  ['on a mere day', '2022-04-05', 'not an instant that exists'],
  ['in prose', 'April 5 2022', 'not an instant that exists'],
  ['at a number', '5', 'not an instant that exists'],
])('refuses what is said to happen %s', async (_, occurredAt, words) => {
  const answer = await name({ name: 'when' }, { occurredAt });
  expect(answer).toMatchObject({ status: 'refused', code: 'invalid-input', field: 'occurredAt' });
  expect(answer).toHaveProperty('message.en', expect.stringContaining(words));
});

it('refuses for the reasons of its contract', async () =>
  expect(await name({ name: 'nobody' })).toEqual({
    status: 'refused',
    code: 'gone',
    field: 'name',
    message: { vi: 'Không có.', en: 'There is none.' },
  }));
