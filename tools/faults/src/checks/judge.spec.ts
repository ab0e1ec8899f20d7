import type { RecordedCall, RecordedRead, SeenEvent } from '@loa/testing';
import { link, type Fails } from '../world/contract.js';
import type { Evidence, ReaderEvidence, StreamRow, StreamState } from './evidence.js';
import { judge, judgeCleared } from './judge.js';

const event = (position: number, streamId: string, version: number, fails: Fails = 'never'): SeenEvent => ({
  position,
  streamId,
  version,
  eventId: `${streamId}${version}`,
  content: JSON.stringify({ fails }),
  recordedAt: position * 10,
});
const log = [
  event(1, 'a', 1),
  event(2, 'b', 1),
  event(3, 'a', 2),
  event(4, 'b', 2, 'always'),
  event(5, 'b', 3),
];
const call = ({ streamId, eventId, version, position }: SeenEvent): RecordedCall => ({
  streamId,
  eventIds: [eventId],
  invoked: position * 10,
  completed: position * 10 + 2,
  outcome: { status: 'appended', version, position },
});
const page: RecordedRead = { reader: 'watch', after: 0, invoked: 60, completed: 61, events: log };

/** The row that a reader has after these events. */
const rowOf = (...events: readonly SeenEvent[]): StreamRow => ({
  count: events.length,
  version: events.at(-1)!.version,
  chain: events.reduce(link, ''),
});
const rows = new Map([
  ['a', rowOf(log[0]!, log[2]!)],
  ['b', rowOf(log[1]!)],
]);
/** The states that it was in. */
const statesOf = (...events: readonly SeenEvent[]): StreamState[] =>
  events.map((one, index) => ({
    ...rowOf(...events.slice(0, index + 1)),
    from: one.recordedAt!,
    to: events[index + 1]?.recordedAt ?? Infinity,
  }));
const states = new Map([
  ['a', statesOf(log[0]!, log[2]!)],
  ['b', statesOf(log[1]!)],
]);
const parked = [
  { streamId: 'b', position: 4, version: 2, why: 'failed' as const },
  { streamId: 'b', position: 5, version: 3, why: 'behind' as const },
];
const reader: ReaderEvidence = { reader: 'shared', rows, states, parked, dropped: [] };
const withReader = (part: Partial<ReaderEvidence>) => ({ readers: [{ ...reader, ...part }] });
const sound: Evidence = {
  calls: log.map(call),
  reads: [page],
  stored: log,
  readers: [reader],
  claims: [{ reader: 'shared', partition: 0, partitions: 1, position: 3, upTo: 40 }],
  strange: [],
  late: [],
  recoveryMs: 20_000,
  recoveredWithinMs: 20_000,
  crashes: [],
};
const rules = (part: Partial<Evidence>) => [...new Set(judge({ ...sound, ...part }).map(({ rule }) => rule))];
const withRow = (row: StreamRow) => withReader({ rows: new Map([...rows, ['a', row]]) });
const withStates = (...all: readonly StreamState[]) =>
  withReader({ states: new Map([...states, ['a', all]]) });

it('finds nothing in a run that went well', () => expect(judge(sound)).toEqual([]));

it.each<[what: string, rule: string, part: Partial<Evidence>]>([
  ['a lost acknowledgement', 'acknowledged is stored', { stored: log.slice(0, 4) }],
  ['one who looks on and wrote nothing down', 'reader complete', { reads: [] }],
  ['an event that a reader left out', 'read model', withRow(rowOf(log[0]!))],
  ['an event that a reader applied twice', 'read model', withRow(rowOf(log[0]!, log[2]!, log[2]!))],
  [
    'events that a reader applied in another order',
    'read model',
    withRow({ ...rowOf(log[2]!, log[0]!), version: 2 }),
  ],
  ['a row that is not there', 'read model', withReader({ rows: new Map([...rows].slice(1)) })],
  ['a state that was not kept', 'read model', withStates(...states.get('a')!.slice(1))],
  [
    'a state that was not closed',
    'read model',
    withStates(...states.get('a')!.map((state) => ({ ...state, to: Infinity }))),
  ],
  ['a state that was closed too late', 'read model', withStates({ ...states.get('a')![0]!, to: 31 })],
  ['an event that was not parked', 'read model', withReader({ parked: parked.slice(0, 1) })],
  ['parked out of order', 'read model', withReader({ parked: parked.toReversed() })],
  [
    'parked without a reason',
    'read model',
    withReader({
      rows: new Map([...rows].slice(1)),
      states: new Map([...states].slice(1)),
      parked: [...parked, { streamId: 'a', position: 1, version: 1, why: 'failed' }],
    }),
  ],
  [
    'a reader that said to have everything and had not',
    'fresh',
    { claims: [{ reader: 'shared', partition: 0, partitions: 1, position: 3, upTo: 43 }] },
  ],
  ['an error that no fault explains', 'answers', { strange: ['what?'] }],
  ['a reader that did not get to the end', 'in time', { late: ['shared'] }],
  ['a recovery that took too long', 'in time', { recoveryMs: 20_001 }],
  ['a process that ended by itself', 'survives', { crashes: ['relay-1 ended with 1'] }],
])('reports %s', (_, rule, part) => expect(rules(part)).toContain(rule));

it('takes states of one instant for one', () => {
  const once = log.slice(0, 3).map((one) => ({ ...one, recordedAt: 10 }));
  const only = statesOf(once[0]!, once[2]!).slice(1);
  const part = {
    ...withReader({
      states: new Map([
        ['a', only],
        ['b', statesOf(once[1]!)],
      ]),
      parked: [],
    }),
  };
  expect(
    judge({ ...sound, ...part, calls: once.map(call), reads: [{ ...page, events: once }], stored: once }),
  ).toEqual([]);
});

it('reports for which reader the rows are wrong', () =>
  expect(judge({ ...sound, ...withRow(rowOf(log[0]!)) })).toEqual([
    { rule: 'read model', what: expect.stringContaining('shared: row a is') },
  ]));

describe('when nothing is parked any more', () => {
  const cleared: ReaderEvidence = {
    reader: 'shared',
    rows: new Map([...rows, ['b', rowOf(log[1]!, log[4]!)]]),
    states: new Map([...states, ['b', statesOf(log[1]!, log[4]!)]]),
    parked: [],
    dropped: [4],
  };

  it('finds nothing when all but the event that always fails is in the rows', () =>
    expect(judgeCleared([cleared], log)).toEqual([]));

  it.each([
    ['an event that was left out and is not known to be', { dropped: [] }],
    ['an event that was left out and can be applied', { dropped: [4, 5] }],
    ['an event that is parked still', { parked }],
    ['an event that is not in the rows', { rows }],
    ['an event that changed a row, and its past did not tell', { states }],
  ])('reports %s', (_what, part) =>
    expect(judgeCleared([{ ...cleared, ...part }], log).map(({ rule }) => rule)).toContain('read model'),
  );

  it('knows that the first event of a stream can be applied in the end', () => {
    const first = event(1, 'b', 1, 'always');
    const rowsOfB = { rows: new Map([['b', rowOf(first)]]), states: new Map([['b', statesOf(first)]]) };
    const readers = [{ ...cleared, ...rowsOfB, dropped: [] }];
    expect(judgeCleared(readers, [first])).toEqual([]);
  });
});
