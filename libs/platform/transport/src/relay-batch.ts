import type { StoredEvent } from '@loa/event-store';
import type { Message } from 'kafkajs';
import { recordOf, sizeOf } from './kafka-record.js';
import { partitionOf } from './partition-of.js';

/** How far a log was published. */
export interface Progress {
  readonly position: number;
  /** The last position sent to each partition, by its number; 0: none. */
  readonly tails: readonly number[];
}

/** The time from when a relay begins to lead until another does. */
export interface Term extends Progress {
  /** Greater than that of any term before. */
  readonly epoch: number;
  /** The last position that each declared restore of the log has brought back, oldest restore first. */
  readonly restored: readonly number[];
}

export interface RelayBatch extends Progress {
  readonly messages: readonly Message[];
}

export type RefusalReason =
  | 'hole-in-log'
  | 'log-ends-early'
  | 'log-restored'
  | 'topic-before-restore'
  | 'topic-emptied'
  | 'topic-missing'
  | 'wrong-partition-count';

/** Publishing has stopped on purpose, and goes on when somebody has put right what the message names. */
export class RelayRefusal extends Error {
  constructor(
    readonly reason: RefusalReason,
    message: string,
  ) {
    super(message);
  }
}

/**
 * A broker takes what one send holds for one partition as one batch and refuses it above max.message.bytes (1 MiB by
 * default). One event may be larger than this and then goes alone: the limit of the topic is 4 MiB.
 */
const MAX_PARTITION_BYTES = 512 * 1024;

/**
 * The next records for Kafka, as many as may go in one send: what follows the progress without a hole, and no more than
 * the limit of bytes for any partition.
 * @throws RelayRefusal when the very next position is missing: a bug or a tampered table
 */
export function nextBatch(
  progress: Progress,
  events: readonly StoredEvent[],
  term: Pick<Term, 'epoch' | 'restored'>,
): RelayBatch {
  const tails = [...progress.tails];
  const bytes = tails.map(() => 0);
  const messages: Message[] = [];
  let position = progress.position;
  for (const event of events) {
    if (event.position !== position + 1) break;
    const partition = partitionOf(event.streamId, tails.length);
    const size = sizeOf(event);
    if (bytes[partition]! > 0 && bytes[partition]! + size > MAX_PARTITION_BYTES) break;
    bytes[partition]! += size;
    messages.push(recordOf(event, partition, tails[partition]!, term));
    tails[partition] = event.position;
    position = event.position;
  }
  if (messages.length === 0 && events.length > 0) throw holeAfter(position, events[0]!.position);
  return { messages, position, tails };
}

function holeAfter(position: number, found: number): RelayRefusal {
  return new RelayRefusal(
    'hole-in-log',
    `hole in the log: position ${position + 1} is missing, the next event is ${found}. Positions are dense, so an event ` +
      'was taken away or es.relay was changed by hand. Nothing is published past it: restore the event, or the row of ' +
      'es.relay, from a backup, and publishing goes on by itself.',
  );
}
