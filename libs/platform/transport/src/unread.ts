import type { DeliveredEvent } from './event-transport.js';
import { placeAfter } from './kafka-place.js';
import type { ReceivedEvent } from './kafka-record.js';

/** Events are missing between where the reader stands and what the topic holds next. Nothing is delivered past it. */
export class GapInTopic extends Error {
  constructor(topic: string, partition: number, at: number, { offset, position, previous }: DeliveredEvent) {
    super(
      `${topic}/${partition}: the reader stands at position ${at}, but the record at offset ${placeAfter(offset).next - 1} ` +
        `(position ${position}) follows ${previous}: events are missing. Nothing is delivered past them: see "To publish a ` +
        'topic anew" in infra/kafka/README.md',
    );
  }
}

/** The reader has taken in events that the log has lost since. Nothing is delivered to it any more. */
export class ReaderBeyondRestore extends Error {
  constructor(topic: string, partition: number, at: number, restoredTo: number) {
    super(
      `${topic}/${partition}: the reader stands at position ${at}, and the log was restored to position ${restoredTo}: what ` +
        'it took in after that is not in the log any more, and other events have those positions now. It takes in ' +
        'nothing more until what it keeps is made anew from the log ("loa rebuild")',
    );
  }
}

/** Where a reader stands in one partition. */
export interface ReaderPlace {
  /** Everything up to here is committed by the reader. */
  readonly position: number;
  /** So many times the log had been restored when the last of it was published, or when that was compared last. */
  readonly restores: number;
}

/**
 * What of these events the reader has not committed yet, up to where it must not go on. A batch that was sent twice is
 * there twice, and the second time may be in the same fetch as the first: a reader that compares with its checkpoint
 * alone would take it. A position says the same in two records only as far as every restore between them has brought back.
 */
export function unread(topic: string, partition: number, from: ReaderPlace, all: readonly ReceivedEvent[]) {
  const events: ReceivedEvent[] = [];
  let repeats = 0;
  let at = from.position;
  let { restores } = from;
  const upTo = (stop?: GapInTopic | ReaderBeyondRestore) => ({ events, repeats, restores, stop });
  for (const event of all) {
    if (event.restored.length > restores) {
      const restoredTo = Math.min(...event.restored.slice(restores));
      if (at > restoredTo) return upTo(new ReaderBeyondRestore(topic, partition, at, restoredTo));
      restores = event.restored.length;
    }
    // The second: of a relay that had not heard of the restore.
    if (event.position <= at || event.restored.length < restores) {
      repeats += 1;
      continue;
    }
    if (event.previous > at) return upTo(new GapInTopic(topic, partition, at, event));
    events.push(event);
    at = event.position;
  }
  return upTo();
}
