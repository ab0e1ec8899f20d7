import { toPosition } from '@loa/database';
import type { StoredEvent } from '@loa/event-store';
import type { KafkaMessage, Message } from 'kafkajs';
import type { DeliveredEvent } from './event-transport.js';
import { kafkaOffset } from './kafka-place.js';
import type { Term } from './relay-batch.js';

/** The topic holds something that no relay has written. */
export class ForeignRecord extends Error {
  constructor(offset: string, what: string) {
    super(`the record at offset ${offset} was not written by a relay: ${what}`);
  }
}

/** An event as a record brings it. */
export interface ReceivedEvent extends DeliveredEvent {
  /** The last position that each restore of the log has brought back that was declared before it was published. */
  readonly restored: readonly number[];
}

const NEVER: readonly number[] = [];

/**
 * An event as a Kafka record. Key: stream id. Value: `data` as it is stored. Headers, all text: `p` position, `v` version, `id` event id,
 * `type`, `sv` schema version, `prev` the position before it in this partition (0: none), `at` recorded at, `ep` epoch of
 * the relay, `meta` as it is stored, `rs` the last position that each declared restore of the log has brought back,
 * oldest restore first, with commas in between (absent: never restored). Nothing is parsed: the bytes that were stored
 * are the bytes that arrive.
 */
export function recordOf(
  event: StoredEvent,
  partition: number,
  previous: number,
  { epoch, restored }: Pick<Term, 'epoch' | 'restored'>,
): Message {
  return {
    partition,
    key: event.streamId,
    value: event.data,
    headers: {
      p: String(event.position),
      v: String(event.version),
      id: event.eventId,
      type: event.type,
      sv: String(event.schemaVersion),
      prev: String(previous),
      at: event.recordedAt,
      ep: String(epoch),
      meta: event.meta,
      ...(restored.length > 0 && { rs: restored.join(',') }),
    },
  };
}

/** Bytes of a record, nearly: enough to keep a batch below the broker's limit. */
export function sizeOf({ data, meta, type }: StoredEvent): number {
  return Buffer.byteLength(data) + Buffer.byteLength(meta) + type.length + 200;
}

/** @throws ForeignRecord */
export function eventOf({ key, value, headers, offset }: KafkaMessage): ReceivedEvent {
  const header = (name: string): string => {
    const found = headers?.[name];
    if (typeof found === 'string') return found;
    if (Buffer.isBuffer(found)) return found.toString('utf8');
    throw new ForeignRecord(offset, `it has no header "${name}"`);
  };
  if (!key) throw new ForeignRecord(offset, 'it has no key');
  if (!value) throw new ForeignRecord(offset, 'it has no value');
  const restored =
    headers?.['rs'] === undefined
      ? NEVER
      : header('rs')
          .split(',')
          .map((text) => numberOf(text, offset));
  return {
    position: numberOf(header('p'), offset),
    streamId: key.toString('utf8'),
    version: numberOf(header('v'), offset),
    eventId: header('id'),
    type: header('type'),
    schemaVersion: numberOf(header('sv'), offset),
    data: value.toString('utf8'),
    meta: header('meta'),
    recordedAt: header('at'),
    previous: numberOf(header('prev'), offset),
    offset: kafkaOffset(restored.length, toPosition(offset)),
    restored,
  };
}

function numberOf(text: string, offset: string): number {
  if (!/^\d{1,16}$/.test(text)) throw new ForeignRecord(offset, `"${text}" is not a number`);
  return toPosition(text);
}
