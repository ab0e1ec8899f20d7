import type { StoredEvent } from '@loa/event-store';
import { createHash } from 'node:crypto';
import { leafHash } from './merkle.js';

const CHAIN = Buffer.of(2);

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
  return leafHash(
    Buffer.concat(
      fields.flatMap((field) => {
        const bytes = Buffer.from(field, 'utf8');
        const length = Buffer.alloc(4);
        length.writeUInt32BE(bytes.length);
        return [length, bytes];
      }),
    ),
  );
}

/** One link: what came before, and the next event. */
export const chained = (before: Uint8Array, leaf: Uint8Array): Buffer =>
  createHash('sha256').update(CHAIN).update(before).update(leaf).digest();
