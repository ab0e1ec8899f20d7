import type { RecordedCall, RecordedRead, SeenEvent } from '@loa/testing';
import { link, type Fails } from '../world/contract.js';
import type { Evidence, StreamRow } from './evidence.js';
import { judge, judgeCleared } from './judge.js';

const event = (position: number, streamId: string, version: number, fails: Fails = 'never'): SeenEvent => ({
  position,
  streamId,
  version,
  eventId: `${streamId}${version}`,
  content: JSON.stringify({ fails }),
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
const parked = [
  { streamId: 'b', position: 4, version: 2, why: 'failed' as const },
  { streamId: 'b', position: 5, version: 3, why: 'behind' as const },
];
const sound: Evidence = {
  calls: log.map(call),
  reads: [page],
  stored: log,
  readers: [{ reader: 'shared', rows, parked, dropped: [] }],
  claims: [{ reader: 'shared', partition: 0, partitions: 1, position: 3, upTo: 40 }],
  strange: [],
  late: [],
  recoveryMs: 20_000,
  recoveredWithinMs: 20_000,
  crashes: [],
};
const rules = (part: Partial<Evidence>) => [...new Set(judge({ ...sound, ...part }).map(({ rule }) => rule))];
const withRow = (row: StreamRow) => ({
  readers: [{ reader: 'shared' as const, rows: new Map([...rows, ['a', row]]), parked, dropped: [] }],
});

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
  [
    'a row that is not there',
    'read model',
    { readers: [{ reader: 'shared', rows: new Map([...rows].slice(1)), parked, dropped: [] }] },
  ],
  [
    'an event that was not parked',
    'read model',
    { readers: [{ reader: 'shared', rows, parked: parked.slice(0, 1), dropped: [] }] },
  ],
  [
    'parked out of order',
    'read model',
    { readers: [{ reader: 'shared', rows, parked: parked.toReversed(), dropped: [] }] },
  ],
  [
    'parked without a reason',
    'read model',
    {
      readers: [
        {
          reader: 'shared',
          rows: new Map([...rows].slice(1)),
          parked: [...parked, { streamId: 'a', position: 1, version: 1, why: 'failed' }],
          dropped: [],
        },
      ],
    },
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

it('reports for which reader the rows are wrong', () =>
  expect(judge({ ...sound, ...withRow(rowOf(log[0]!)) })).toEqual([
    { rule: 'read model', what: expect.stringContaining('shared: row a is') },
  ]));

describe('when nothing is parked any more', () => {
  const cleared = {
    reader: 'shared' as const,
    rows: new Map([...rows, ['b', rowOf(log[1]!, log[4]!)]]),
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
  ])('reports %s', (_what, part) =>
    expect(judgeCleared([{ ...cleared, ...part }], log).map(({ rule }) => rule)).toContain('read model'),
  );

  it('knows that the first event of a stream can be applied in the end', () => {
    const first = event(1, 'b', 1, 'always');
    const readers = [{ ...cleared, rows: new Map([['b', rowOf(first)]]), dropped: [] }];
    expect(judgeCleared(readers, [first])).toEqual([]);
  });
});
