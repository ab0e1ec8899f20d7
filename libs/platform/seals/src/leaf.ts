import type { StoredEvent } from '@loa/event-store';
import { leafHash, sha256 } from './merkle.js';

const CHAIN = Buffer.of(2);
const LENGTH = 4;

/** What the chain starts from. */
export const chainStart: Buffer = Buffer.alloc(32);

/**
 * The hash of one event as readers get it: every field in a fixed order, each with its length before it, so that no two
 * different events have the same bytes. Payloads count as the bytes that were stored, not as what they mean.
 */
export function hashOf(event: StoredEvent): Buffer {
  const fields = [
    String(event.position),
    event.streamId,
    String(event.version),
    event.eventId,
    event.type,
    String(event.schemaVersion),
    event.recordedAt,
    event.data,
    event.meta,
  ];
  const lengths = fields.map((field) => Buffer.byteLength(field));
  const bytes = Buffer.allocUnsafe(lengths.reduce((sum, length) => sum + LENGTH + length, 0));
  let at = 0;
  fields.forEach((field, index) => {
    at = bytes.writeUInt32BE(lengths[index]!, at);
    at += bytes.write(field, at);
  });
  return leafHash(bytes);
}

/** One link: what came before, and the next event. */
export const chained = (before: Uint8Array, leaf: Uint8Array): Buffer => sha256(CHAIN, before, leaf);
