import { randomUUID } from 'node:crypto';
import type { Append, NewEvent } from '../appender.js';

export const event = (data: unknown = {}, id: string = randomUUID()): NewEvent => ({
  eventId: id,
  type: 'testing.Happened',
  schemaVersion: 1,
  data: typeof data === 'string' ? data : JSON.stringify(data),
  meta: '{}',
});

/** An append to a new stream unless told otherwise. */
export const wish = (parts: Partial<Append> = {}): Append => ({
  streamId: randomUUID(),
  expected: 0,
  events: [event()],
  ...parts,
});
