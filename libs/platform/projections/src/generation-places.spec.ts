import { EVENT_PARTITIONS, partitionOf } from '@loa/transport';
import fc from 'fast-check';
import { completeUpTo } from './generation-feed.js';
import { partitioned } from './generation-places.js';
import { delivered, Opened, tabId } from './projector.fixtures.js';

const partitionCounts = fc.constantFrom(1, 3, EVENT_PARTITIONS);
const streams = fc.array(fc.nat(8), { minLength: 1, maxLength: 60 });
const logOf = (numbers: readonly number[]) =>
  delivered(numbers.map((n, at) => [at, Opened({ tab: tabId(n), note: null })]));
/** What a carrier hands over: each stream in its partition, each event with the one before it there. */
const carried = (log: ReturnType<typeof logOf>, partition: number, partitions: number) =>
  log.filter(({ streamId }) => partitions === 1 || partitionOf(streamId, partitions) === partition);

it('a position that is complete is a true place in every partition: what comes next follows one at or before it', () => {
  fc.assert(
    fc.property(streams, partitionCounts, fc.nat(60), (numbers, partitions, seed) => {
      const log = logOf(numbers);
      const reached = seed % (log.length + 1);
      for (let partition = 0; partition < partitions; partition += 1) {
        const records = carried(log, partition, partitions);
        const next = records.findIndex(({ position }) => position > reached);
        const previous = records[next - 1]?.position ?? 0;
        if (next >= 0) expect(previous).toBeLessThanOrEqual(reached);
      }
    }),
  );
});

it('a run of the log is sorted into what a carrier would hand over after the places of a reader', () => {
  fc.assert(
    fc.property(streams, partitionCounts, fc.nat(60), (numbers, partitions, seed) => {
      const log = logOf(numbers);
      const reached = seed % (log.length + 1);
      const after = new Map(Array.from({ length: partitions }, (_, partition) => [partition, reached]));
      const upTo = log.length - 1;
      const batches = partitioned(log, partitions, after, () => upTo);
      for (let partition = 0; partition < partitions; partition += 1) {
        const expected = carried(log, partition, partitions).filter(
          ({ position }) => position > reached && position <= upTo,
        );
        const found = batches.get(partition) ?? [];
        expect(found.map(({ position }) => position)).toEqual(expected.map(({ position }) => position));
        expect(found.map(({ previous }) => previous)).toEqual([
          ...(found.length > 0 ? [reached] : []),
          ...found.slice(0, -1).map(({ position }) => position),
        ]);
      }
    }),
  );
});

it('a reader is complete up to right before the first event it lacks, and to the head when it lacks none', async () => {
  await fc.assert(
    fc.asyncProperty(
      streams,
      partitionCounts,
      fc.array(fc.nat(60), { minLength: EVENT_PARTITIONS, maxLength: EVENT_PARTITIONS }),
      async (numbers, partitions, stops) => {
        const log = logOf(numbers);
        const places = new Map<number, number>();
        for (let partition = 0; partition < partitions; partition += 1) {
          const last = carried(log, partition, partitions).findLast(
            ({ position }) => position <= stops[partition]!,
          );
          if (last) places.set(partition, last.position);
        }
        const lacking = log.find(
          ({ streamId, position }) =>
            position > (places.get(partitions === 1 ? 0 : partitionOf(streamId, partitions)) ?? 0),
        );
        const store = {
          head: () => Promise.resolve(log.length),
          read: (after: number, limit: number) => Promise.resolve(log.slice(after, after + limit)),
        };
        expect(await completeUpTo({ source: 'shop', log: store, partitions }, places)).toBe(
          lacking ? lacking.position - 1 : log.length,
        );
      },
    ),
  );
});
