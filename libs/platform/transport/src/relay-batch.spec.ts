import { describe, expect, it } from '@jest/globals';
import type { StoredEvent } from '@loa/event-store';
import fc from 'fast-check';
import { partitionOf } from './partition-of.js';
import { RelayRefusal, nextBatch } from './relay-batch.js';

const event = (position: number, stream = 1, data = '{}'): StoredEvent => ({
  position,
  streamId: `00000000-0000-4000-8000-${String(stream).padStart(12, '0')}`,
  version: 1,
  eventId: `00000000-0000-4000-9000-${String(position).padStart(12, '0')}`,
  type: 'test.Counted',
  schemaVersion: 1,
  data,
  meta: '{}',
  recordedAt: '2022-03-31T08:00:00.000Z',
});
const start = (partitions: number) => ({ position: 0, tails: Array.from({ length: partitions }, () => 0) });
const term = { epoch: 1, restored: [] };
const header = (message: { headers?: object }, name: string) =>
  Number((message.headers as Record<string, string>)[name]);

describe('the next batch of a relay', () => {
  it('stops before a hole, and refuses to go on from there', () => {
    const first = nextBatch(start(4), [event(1), event(2), event(4)], term);
    expect(first.position).toBe(2);
    expect(first.messages).toHaveLength(2);
    const refused = () => nextBatch(first, [event(4)], term);
    expect(refused).toThrow(RelayRefusal);
    expect(refused).toThrow('position 3 is missing');
  });

  it('refuses a position that was published before', () => {
    expect(() => nextBatch({ position: 5, tails: [5] }, [event(5)], term)).toThrow(RelayRefusal);
  });

  it('sends no more than a broker takes as one batch, but always at least one event', () => {
    const large = 'x'.repeat(300_000);
    const events = [event(1, 1, large), event(2, 1, large), event(3, 1, large)];
    expect(nextBatch(start(1), events, term).position).toBe(1);
    expect(nextBatch(start(1), [event(1, 1, 'x'.repeat(3_000_000)), event(2)], term).position).toBe(1);
    // Other partitions have a limit of their own.
    const spread = Array.from({ length: 8 }, (_, n) => event(n + 1, n, large));
    expect(nextBatch(start(100), spread, term).position).toBe(8);
  });

  it('names for each record the one before it in its partition, however the log is cut', () => {
    const log = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(
        log,
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 1, max: 20 }),
        (streams, partitions, cut) => {
          const events = streams.map((stream, index) => event(index + 1, stream));
          const last = new Map<number, number>();
          let progress = start(partitions);
          while (progress.position < events.length) {
            const batch = nextBatch(progress, events.slice(progress.position, progress.position + cut), term);
            for (const message of batch.messages) {
              const partition = message.partition!;
              expect(partition).toBe(partitionOf(String(message.key), partitions));
              expect(header(message, 'prev')).toBe(last.get(partition) ?? 0);
              last.set(partition, header(message, 'p'));
            }
            progress = { position: batch.position, tails: [...batch.tails] };
          }
        },
      ),
    );
  });
});
