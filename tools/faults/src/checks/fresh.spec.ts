import type { RecordedCall, SeenEvent } from '@loa/testing';
import { partitionOf } from '@loa/transport';
import type { FreshClaim } from './evidence.js';
import { untrueClaims } from './fresh.js';

const PARTITIONS = 4;
const event = (position: number, streamId: string): SeenEvent => ({
  position,
  streamId,
  version: position,
  eventId: `${streamId}${position}`,
});
const log = [event(1, 'a'), event(2, 'a'), event(3, 'a')];
/** Appends positions, answered at an instant. */
const call = (
  positions: readonly number[],
  completed: number,
  status: 'appended' | 'duplicate' = 'appended',
): RecordedCall => ({
  streamId: 'a',
  eventIds: positions.map((position) => `a${position}`),
  invoked: completed - 5,
  completed,
  outcome: { status, version: positions.at(-1)!, position: positions.at(-1)! },
});
const calls = [call([1, 2], 10), call([3], 20)];
const claim = (position: number, upTo: number, part: Partial<FreshClaim> = {}): FreshClaim => ({
  reader: 'shared',
  partition: 0,
  partitions: 1,
  position,
  upTo,
  ...part,
});
const untrue = (claims: readonly FreshClaim[], part: Partial<Parameters<typeof untrueClaims>[0]> = {}) =>
  untrueClaims({ calls, reads: [], stored: log, ...part, claims });

it('finds nothing when everything that was acknowledged by then was there', () =>
  expect(untrue([claim(0, 10), claim(2, 11), claim(2, 20), claim(3, 1_000)])).toEqual([]));

it('says who claimed too much, where it stood, and what was missing', () =>
  expect(untrue([claim(2, 20), claim(1, 25.25)])).toEqual([
    'shared said of partition 0 that nothing was missing, when it stood at 1: 2 events from 2 on were, ' +
      'recorded up to 15.3 ms before',
  ]));

it('looks at every event of an append', () => expect(untrue([claim(0, 11), claim(1, 11)])).toHaveLength(2));

it('asks nothing of an append that nobody was told of, until somebody has read it', () => {
  const unknown = { ...call([3], 20), outcome: { status: 'unknown' as const } };
  const late = [claim(2, 1_000)];
  expect(untrue(late, { calls: [calls[0]!, unknown] })).toEqual([]);
  const read = { reader: 'watch', after: 0, invoked: 500, completed: 510, events: log };
  expect(untrue(late, { calls: [calls[0]!, unknown], reads: [read] })).toHaveLength(1);
  expect(untrue([claim(2, 510)], { calls: [calls[0]!, unknown], reads: [read] })).toEqual([]);
});

it('counts from the first answer, also when it came again', () => {
  const again = call([3], 900, 'duplicate');
  expect(untrue([claim(2, 30)], { calls: [...calls, again] })).toHaveLength(1);
  expect(untrue([claim(2, 30)], { calls: [again] })).toEqual([]);
});

it('asks of a partition what belongs to it', () => {
  const partition = partitionOf('a', PARTITIONS);
  const other = (partition + 1) % PARTITIONS;
  expect(untrue([claim(0, 30, { partition: other, partitions: PARTITIONS })])).toEqual([]);
  expect(untrue([claim(0, 30, { partition, partitions: PARTITIONS })])).toHaveLength(1);
});
