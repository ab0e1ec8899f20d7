import type { StoredEvent } from '@loa/event-store';

/** An event on its way to a reader. */
export interface DeliveredEvent extends StoredEvent {
  /** The position delivered before this one in the same partition; 0 before the first. A reader that stands elsewhere has missed something. */
  readonly previous: number;
  /**
   * Where the carrier keeps it, so that reading can go on from there; {@link IN_THE_LOG} when that is the log itself.
   * Means nothing to the reader: Kafka's says after which restore of the log the event was published, too.
   */
  readonly offset: number;
}

/** The offset of what was read from the log itself: its position alone says where it is. No place in Kafka has it. */
export const IN_THE_LOG = -2;

export interface DeliveredBatch {
  /** The context the events come from. */
  readonly source: string;
  readonly partition: number;
  /** In commit order, each position once. May repeat events of earlier batches: whoever takes them in compares with its checkpoint. */
  readonly events: readonly DeliveredEvent[];
}

/** How far a reader has got in one partition of one source. Kept by the reader, in the transaction of its own writes. */
export interface Checkpoint {
  readonly source: string;
  readonly partition: number;
  readonly position: number;
  readonly offset: number;
  /**
   * When the event at that position was recorded, RFC 3339 UTC with milliseconds; undefined before the first. Tells it
   * from another one that a restored log has put in its place.
   */
  readonly recordedAt?: string | undefined;
}

/** A reader has taken in everything of a partition that was recorded at an instant. */
export interface CaughtUp {
  readonly source: string;
  readonly partition: number;
  /**
   * How long ago that instant was, in ms: what was recorded since may be missing. Over Kafka some seconds even when
   * nothing is: that everything is published is known so late.
   */
  readonly agoMs: number;
}

export interface Subscriber {
  /** Names the reader to operators; two processes of one name share the work. */
  readonly name: string;
  readonly sources: readonly string[];
  /** Asked whenever reading starts or starts again. */
  checkpoints(): Promise<readonly Checkpoint[]>;
  /**
   * Takes in a batch and commits its checkpoint with its own writes. When it throws, the batch comes again from the
   * checkpoint, after a pause that grows. One partition at a time; batches of different sources, and where the carrier
   * was told so of different partitions, may be handed in at the same moment, also to two processes of one name.
   */
  handle(batch: DeliveredBatch): Promise<void>;
  /**
   * Told again and again while there is nothing more to take in, also of partitions that never held an event. While a
   * relay stands still, which has perhaps not published everything, the instant does. Must not throw.
   */
  caughtUp?(at: CaughtUp): void;
}

export interface Subscription {
  /** True while the carrier has been heard from within the last seconds: part of readiness. */
  healthy(): boolean;
  /** How many events the carrier has that this process has not taken in, as far as the carrier was heard. */
  behind(): Promise<number>;
  /** Waits for the batch under way. */
  close(): Promise<void>;
}

/**
 * How events reach readers in other contexts. At least once, in order within a partition; all events of a stream are
 * in one partition. Nothing is published by hand: the events that were appended are the events that arrive.
 */
export interface EventTransport {
  subscribe(subscriber: Subscriber): Promise<Subscription>;
  close(): Promise<void>;
}
