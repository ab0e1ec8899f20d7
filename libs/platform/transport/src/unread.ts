import type { DeliveredEvent } from './event-transport.js';

/** Events are missing between where the reader stands and what the topic holds next. Nothing is delivered past it. */
export class GapInTopic extends Error {
  constructor(topic: string, partition: number, at: number, { offset, position, previous }: DeliveredEvent) {
    super(
      `${topic}/${partition}: the reader stands at position ${at}, but the record at offset ${offset} (position ` +
        `${position}) follows ${previous}: events are missing`,
    );
  }
}

/**
 * What of these events the reader has not committed yet, up to a gap. A batch that was sent twice is there twice, and the
 * second time may be in the same fetch as the first: a reader that compares with its checkpoint alone would take it.
 */
export function unread(topic: string, partition: number, from: number, all: readonly DeliveredEvent[]) {
  const events: DeliveredEvent[] = [];
  let repeats = 0;
  let at = from;
  for (const event of all) {
    if (event.position <= at) {
      repeats += 1;
      continue;
    }
    if (event.previous > at) return { events, repeats, gap: new GapInTopic(topic, partition, at, event) };
    events.push(event);
    at = event.position;
  }
  return { events, repeats, gap: undefined };
}
