import { IN_THE_LOG, partitionOf, type Checkpoint, type DeliveredEvent } from '@loa/transport';
import type { StoredEvent } from '@loa/event-store';

/** How far a reader has come in one source, by partition. A partition that is not here: nothing of it yet. */
export type Places = ReadonlyMap<number, number>;

export const placesOf = (checkpoints: readonly Checkpoint[], source: string): Places =>
  new Map(
    checkpoints.filter((at) => at.source === source).map(({ partition, position }) => [partition, position]),
  );

export const placeIn = (places: Places, partition: number): number => places.get(partition) ?? 0;

/** The partition that a carrier with so many hands a stream over in. */
export const carriedIn = (streamId: string, partitions: number): number =>
  partitions === 1 ? 0 : partitionOf(streamId, partitions);

/** The last position taken in of any partition. */
export const furthest = (places: Places): number => Math.max(0, ...places.values());

/** No event up to here can be missing, whichever partition it is in. A lower bound: a partition may have no later ones. */
export const nearest = (places: Places, partitions: number): number =>
  Math.min(...Array.from({ length: partitions }, (_, partition) => placeIn(places, partition)));

/**
 * Sorts a dense run of the log into what a carrier would hand over: by partition, only events after the reader's place
 * and up to a limit, each with the one before it. Of a dense run nothing can be missing, so the first follows the place.
 */
export function partitioned(
  events: readonly StoredEvent[],
  partitions: number,
  after: Places,
  upTo: (partition: number) => number,
): ReadonlyMap<number, DeliveredEvent[]> {
  const batches = new Map<number, DeliveredEvent[]>();
  for (const event of events) {
    const partition = carriedIn(event.streamId, partitions);
    if (event.position <= placeIn(after, partition) || event.position > upTo(partition)) continue;
    const batch = batches.get(partition) ?? [];
    const previous = batch.at(-1)?.position ?? placeIn(after, partition);
    // Until a generation is live it has no place in any carrier; rows of one partition are marked as those of a log.
    batch.push({ ...event, previous, offset: partitions === 1 ? IN_THE_LOG : event.position });
    batches.set(partition, batch);
  }
  return batches;
}
