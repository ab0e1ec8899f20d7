import { describe, expect, it } from '@jest/globals';
import type { DeliveredEvent } from './event-transport.js';
import { GapInTopic, unread } from './unread.js';

/** `position` after `previous`, as they follow each other in one partition. */
const record = (position: number, previous: number): DeliveredEvent => ({
  position,
  previous,
  offset: position,
  streamId: '00000000-0000-4000-8000-000000000001',
  version: 1,
  eventId: '00000000-0000-4000-8000-000000000002',
  type: 'test.Counted',
  schemaVersion: 1,
  data: '{}',
  meta: '{}',
  recordedAt: '2022-03-31T08:00:00.000Z',
});
const positions = (events: readonly DeliveredEvent[]) => events.map(({ position }) => position);

describe('what a reader has not taken in yet', () => {
  it('follows its checkpoint', () => {
    const { events, repeats, gap } = unread('t', 0, 4, [
      record(2, 0),
      record(4, 2),
      record(7, 4),
      record(9, 7),
    ]);
    expect({ positions: positions(events), repeats, gap }).toEqual({
      positions: [7, 9],
      repeats: 2,
      gap: undefined,
    });
  });

  it('holds each event once, also when the same run was sent twice and came in one fetch', () => {
    const run = [record(7, 4), record(9, 7)];
    const { events, repeats } = unread('t', 0, 4, [...run, ...run, record(12, 9)]);
    expect(positions(events)).toEqual([7, 9, 12]);
    expect(repeats).toBe(2);
  });

  it('ends at a gap and names it', () => {
    const { events, gap } = unread('t', 3, 4, [record(7, 4), record(12, 9), record(13, 12)]);
    expect(positions(events)).toEqual([7]);
    expect(gap).toBeInstanceOf(GapInTopic);
    expect(gap?.message).toContain('t/3: the reader stands at position 7');
    expect(gap?.message).toContain('(position 12) follows 9: events are missing');
  });
});
