export interface PartitionCheckpoint {
  readonly partition: number;
  readonly position: number;
}

export interface RelayState {
  readonly position: number;
  /** The last position sent to each partition of the topic; 0: none yet. */
  readonly tails: readonly number[];
}

export interface ReaderLag {
  /** Everything up to this position was applied. */
  readonly reached: number;
  /** At most so many events are not. */
  readonly eventsBehind: number;
  /** How far it stands beyond the head. No log loses events by itself: more than 0 means that it was restored. */
  readonly eventsAhead: number;
}

/**
 * How far a reader has come in a log. Read from Kafka it stands at one place in each partition, and a partition it has
 * read to its end holds nothing back, however old its last event is.
 * @param head of the log, read after the checkpoints: a reader that works meanwhile would seem to be ahead
 * @param relay what was published, when the reader reads from Kafka
 */
export function lagOf(
  head: number,
  relay: RelayState | null,
  checkpoints: readonly PartitionCheckpoint[],
): ReaderLag {
  const positions = new Map(checkpoints.map(({ partition, position }) => [partition, position]));
  const reached = relay
    ? relay.tails.reduce((least, tail, partition) => {
        const position = positions.get(partition) ?? 0;
        return position < tail ? Math.min(least, position) : least;
      }, relay.position)
    : (positions.get(0) ?? 0);
  return {
    reached,
    eventsBehind: Math.max(0, head - reached),
    eventsAhead: Math.max(0, ...[...positions.values()].map((position) => position - head)),
  };
}
