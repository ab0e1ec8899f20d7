import { describe, expect, it } from '@jest/globals';
import type { DeliveredEvent } from './event-transport.js';
import { kafkaOffset } from './kafka-place.js';
import type { ReceivedEvent } from './kafka-record.js';
import { GapInTopic, ReaderBeyondRestore, unread } from './unread.js';

/** `position` after `previous`, as they follow each other in one partition. */
const record = (position: number, previous: number, restored: readonly number[] = []): ReceivedEvent => ({
  position,
  previous,
  restored,
  offset: kafkaOffset(restored.length, position),
  streamId: '00000000-0000-4000-8000-000000000001',
  version: 1,
  eventId: '00000000-0000-4000-8000-000000000002',
  type: 'test.Counted',
  schemaVersion: 1,
  data: '{}',
  meta: '{}',
  recordedAt: '2022-03-31T08:00:00.000Z',
});
const at = (position: number, restores = 0) => ({ position, restores });
const positions = (events: readonly DeliveredEvent[]) => events.map(({ position }) => position);

describe('what a reader has not taken in yet', () => {
  it('follows its checkpoint', () => {
    const { events, repeats, stop } = unread('t', 0, at(4), [
      record(2, 0),
      record(4, 2),
      record(7, 4),
      record(9, 7),
    ]);
    expect({ positions: positions(events), repeats, stop }).toEqual({
      positions: [7, 9],
      repeats: 2,
      stop: undefined,
    });
  });

  it('holds each event once, also when the same run was sent twice and came in one fetch', () => {
    const run = [record(7, 4), record(9, 7)];
    const { events, repeats } = unread('t', 0, at(4), [...run, ...run, record(12, 9)]);
    expect(positions(events)).toEqual([7, 9, 12]);
    expect(repeats).toBe(2);
  });

  it('ends at a gap and names it', () => {
    const { events, stop } = unread('t', 3, at(4), [record(7, 4), record(12, 9), record(13, 12)]);
    expect(positions(events)).toEqual([7]);
    expect(stop).toBeInstanceOf(GapInTopic);
    expect(stop?.message).toContain('t/3: the reader stands at position 7');
    expect(stop?.message).toContain('(position 12) follows 9: events are missing');
  });

  describe('of a log that was restored to position 6', () => {
    const anew = [record(2, 0, [6]), record(5, 2, [6]), record(8, 5, [6]), record(9, 8, [6])];

    it('is what follows, when it has taken in nothing that was lost', () => {
      const { events, repeats, restores, stop } = unread('t', 0, at(5), anew);
      expect({ positions: positions(events), repeats, restores, stop }).toEqual({
        positions: [8, 9],
        repeats: 2,
        restores: 1,
        stop: undefined,
      });
    });

    it.each([7, 8, 1_000])(
      'is nothing, when it stands at %d: those positions are other events now',
      (position) => {
        const { events, repeats, stop } = unread('t', 3, at(position), anew);
        expect({ events, repeats }).toEqual({ events: [], repeats: 0 });
        expect(stop).toBeInstanceOf(ReaderBeyondRestore);
        expect(stop?.message).toContain(`t/3: the reader stands at position ${position}`);
        expect(stop?.message).toContain('restored to position 6');
      },
    );

    it('is what follows, when it stands there since: what it has seen is a repeat', () => {
      const { events, repeats } = unread('t', 0, at(8, 1), anew);
      expect({ positions: positions(events), repeats }).toEqual({ positions: [9], repeats: 3 });
    });

    it('leaves out what a relay sends that has not heard of it', () => {
      const late = record(7, 5);
      const { events, repeats } = unread('t', 0, at(5), [...anew.slice(0, 2), late, ...anew.slice(2)]);
      expect({ positions: positions(events), repeats }).toEqual({ positions: [8, 9], repeats: 3 });
    });

    it('asks each restore that came since', () => {
      const twice = [record(12, 8, [6, 10]), record(13, 12, [6, 10])];
      expect(positions(unread('t', 0, at(8, 1), twice).events)).toEqual([12, 13]);
      expect(unread('t', 0, at(11, 1), twice).stop?.message).toContain('restored to position 10');
      expect(unread('t', 0, at(8), twice).stop?.message).toContain('restored to position 6');
      const deeper = [record(12, 4, [10, 6])];
      expect(unread('t', 0, at(8), deeper).stop?.message).toContain('restored to position 6');
    });
  });
});
