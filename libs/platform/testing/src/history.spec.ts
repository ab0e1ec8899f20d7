import {
  violationsOf,
  type History,
  type RecordedCall,
  type RecordedRead,
  type SeenEvent,
} from './history.js';

const seen = (position: number, streamId: string, version: number, eventId: string): SeenEvent => ({
  position,
  streamId,
  version,
  eventId,
  content: `what ${eventId} says`,
  recordedAt: position * 10 - (position % 2),
});

/** One stream a append, a moment after the other: a1+a2 at 10–12, b1 at 20–22, a3 at 30–32. */
const log = [seen(1, 'a', 1, 'a1'), seen(2, 'a', 2, 'a2'), seen(3, 'b', 1, 'b1'), seen(4, 'a', 3, 'a3')];
const call = (
  streamId: string,
  eventIds: readonly string[],
  invoked: number,
  outcome: RecordedCall['outcome'],
): RecordedCall => ({ streamId, eventIds, invoked, completed: invoked + 2, outcome });
const first = call('a', ['a1', 'a2'], 10, { status: 'appended', version: 2, position: 2 });
const second = call('b', ['b1'], 20, { status: 'appended', version: 1, position: 3 });
const third = call('a', ['a3'], 30, { status: 'appended', version: 3, position: 4 });
const page = (after: number, events: readonly SeenEvent[], invoked = 40): RecordedRead => ({
  reader: 'r',
  after,
  invoked,
  completed: invoked + 1,
  events,
});
const sound: History = {
  calls: [first, second, third],
  reads: [page(0, log.slice(0, 2)), page(2, []), page(2, log.slice(2))],
  stored: log,
};

/** The names of what a history breaks that is sound but for some part. */
const broken = (part: Partial<History>) => [
  ...new Set(violationsOf({ ...sound, ...part }).map(({ rule }) => rule)),
];
/** The log with one event altered. */
const altered = (position: number, change: Partial<SeenEvent>) =>
  log.map((event) => (event.position === position ? { ...event, ...change } : event));

it('finds nothing in a history that kept its promises', () => expect(violationsOf(sound)).toEqual([]));

it('allows a refusal, and an unknown outcome that is stored or is not', () =>
  expect(
    broken({
      calls: [
        { ...first, outcome: { status: 'unknown' } },
        call('a', ['a1', 'a2'], 14, { status: 'duplicate', version: 2, position: 2 }),
        second,
        third,
        call('a', ['x'], 35, { status: 'refused' }),
        call('c', ['y'], 35, { status: 'unknown' }),
      ],
    }),
  ).toEqual([]));

it('allows a reader that was told to begin later, also at the end', () =>
  expect(
    broken({
      reads: [page(3, log.slice(3))],
      readers: new Map([
        ['r', 3],
        ['one with nothing to read', 4],
      ]),
    }),
  ).toEqual([]));

it('allows any order of appends that were under way together', () =>
  expect(broken({ calls: [first, { ...second, completed: 40 }, { ...third, invoked: 19 }] })).toEqual([]));

it.each<[rule: string, part: Partial<History>]>([
  ['dense positions', { stored: altered(4, { position: 5 }) }],
  ['dense positions', { stored: altered(4, { position: 3 }) }],
  ['versions of a stream', { stored: altered(4, { version: 4 }) }],
  ['versions of a stream', { stored: altered(4, { version: 2 }) }],
  ['every event once', { stored: [...log, seen(5, 'b', 2, 'a3')] }],
  ['recorded in order', { stored: altered(3, { recordedAt: 19 }) }],
  ['acknowledged is stored', { stored: log.slice(0, 3) }],
  ['acknowledged is stored', { stored: altered(3, { streamId: 'c' }) }],
  [
    'acknowledged is stored',
    { calls: [...sound.calls, call('a', ['a3'], 40, { status: 'duplicate', version: 3, position: 5 })] },
  ],
  ['refused is not stored', { calls: [first, second, { ...third, outcome: { status: 'refused' } }] }],
  ['nobody asked for it', { calls: [first, second] }],
  ['all or nothing', { stored: log.filter(({ eventId }) => eventId !== 'a2') }],
  ['answered as appended once', { calls: [...sound.calls, third] }],
  ['read and gone', { reads: [page(0, [...log, seen(5, 'b', 2, 'gone')])] }],
  ['read and gone', { reads: [page(0, altered(2, { content: 'something else' }))] }],
  ['read and gone', { reads: [page(0, altered(2, { recordedAt: 21 }))] }],
  ['reader complete', { reads: [page(0, log.slice(0, 3))] }],
  ['reader complete', { reads: [page(0, [log[0]!, log[2]!, log[3]!])] }],
  ['reader complete', { reads: [page(0, log), page(3, log.slice(3))] }],
  ['reader complete', { reads: [page(3, log.slice(3))] }],
  ['reader complete', { reads: [page(0, log)], readers: new Map([['r', 3]]) }],
  ['reader complete', { reads: [], readers: new Map([['r', 0]]) }],
  ['reader complete', { readers: new Map([['another', 0]]) }],
  ['reader complete', { reads: [page(0, [log[1]!, log[0]!, log[2]!, log[3]!])] }],
  // Acknowledged at 22, and yet behind what was asked for at 30.
  [
    'real-time order',
    {
      calls: [
        first,
        { ...second, outcome: { status: 'appended', version: 1, position: 4 } },
        { ...third, outcome: { status: 'appended', version: 3, position: 3 } },
      ],
      stored: [...log.slice(0, 2), seen(3, 'a', 3, 'a3'), seen(4, 'b', 1, 'b1')],
      reads: [],
    },
  ],
  ['real-time order', { reads: [page(0, log.slice(0, 2), 5), page(2, log.slice(2), 6)] }],
])('names a breach of: %s', (rule, part) => expect(broken(part)).toContain(rule));

describe('what was made of the log', () => {
  const fold = (events: readonly SeenEvent[]) =>
    new Map(events.map(({ streamId, version }) => [streamId, { version }]));
  const rows = (...entries: [string, unknown][]) => broken({ model: { rows: new Map(entries), fold } });

  it('is its fold', () => expect(rows(['a', { version: 3 }], ['b', { version: 1 }])).toEqual([]));
  it.each([
    ['a row that is behind', rows(['a', { version: 2 }], ['b', { version: 1 }])],
    ['a row too few', rows(['a', { version: 3 }])],
    ['a row too many', rows(['a', { version: 3 }], ['b', { version: 1 }], ['c', { version: 1 }])],
  ])('not: %s', (_, rules) => expect(rules).toEqual(['read model']));
});
