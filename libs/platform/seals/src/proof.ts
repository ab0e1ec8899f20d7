import type { EventStore, StoredEvent } from '@loa/event-store';
import { z } from 'zod';
import { hashOf } from './leaf.js';
import { auditPath, rootByPath } from './merkle.js';
import { lastSeal, leavesAfter } from './seal.js';

const hash = z.string().regex(/^[0-9a-f]{64}$/, 'a SHA-256 in lower-case hexadecimal');

/** What is handed to somebody who is to be able to tell later whether the log was changed. */
export const RootExport = z.strictObject({
  format: z.literal('loa-root/1'),
  context: z.string().min(1),
  /** How many events it is about. */
  size: z.number().int().positive(),
  root: hash,
  chain: hash,
  sealedAt: z.iso.datetime(),
});
export type RootExport = z.output<typeof RootExport>;

/** One event, and the way from it to a root: enough to check it without the database. */
export const EventProof = z.strictObject({
  format: z.literal('loa-proof/1'),
  root: RootExport,
  event: z.strictObject({
    position: z.number().int().positive(),
    streamId: z.uuid(),
    version: z.number().int().positive(),
    eventId: z.uuid(),
    type: z.string(),
    schemaVersion: z.number().int().positive(),
    data: z.string(),
    meta: z.string(),
    recordedAt: z.iso.datetime(),
  }),
  path: z.array(hash),
});
export type EventProof = z.output<typeof EventProof>;

/** The newest root of a log; nothing when nothing was sealed yet. */
export async function exportRoot(context: string, store: EventStore): Promise<RootExport | undefined> {
  const seal = await lastSeal(store.pool);
  return (
    seal && {
      format: 'loa-root/1',
      context,
      size: seal.size,
      root: seal.root.toString('hex'),
      chain: seal.chain.toString('hex'),
      sealedAt: seal.sealedAt,
    }
  );
}

/** Shows that an event is among those of the newest root; nothing when it is not sealed yet, or not there. */
export async function proveEvent(
  context: string,
  store: EventStore,
  position: number,
): Promise<EventProof | undefined> {
  const root = await exportRoot(context, store);
  const [event] = position >= 1 ? await store.read(position - 1, 1) : [];
  if (!root || event?.position !== position || position > root.size) return undefined;
  const leaves = await leafHashes(store, root.size);
  const path = auditPath(leaves, position - 1).map((node) => node.toString('hex'));
  return { format: 'loa-proof/1', root, event: plain(event), path };
}

async function leafHashes(store: EventStore, size: number): Promise<Buffer[]> {
  const leaves: Buffer[] = [];
  while (leaves.length < size) {
    const page = await leavesAfter(store.pool, leaves.length, Math.min(10_000, size - leaves.length));
    if (page.length === 0) throw new Error(`only ${leaves.length} of ${size} sealed events have their hash`);
    for (const { hash: leaf } of page) leaves.push(leaf);
  }
  return leaves;
}

const plain = (event: StoredEvent): EventProof['event'] => ({ ...event });

/**
 * Checks a proof by itself, offline. Against a root that came another way it says more: pass it as `trusted`.
 * @returns what is wrong, in one English sentence; nothing when the proof holds
 */
export function checkProof(
  { root, event, path }: EventProof,
  trusted: RootExport = root,
): string | undefined {
  if (trusted.context !== root.context || trusted.size !== root.size || trusted.root !== root.root) {
    return `the proof is about root ${root.root} of ${root.size} events, not about the trusted root`;
  }
  const reached = rootByPath(
    hashOf(event),
    event.position - 1,
    root.size,
    path.map((node) => Buffer.from(node, 'hex')),
  );
  if (!reached) return `the path does not fit position ${event.position} of ${root.size}`;
  if (reached.toString('hex') === root.root) return undefined;
  return `event ${event.position} is not among the ${root.size} events of this root, or it was altered`;
}
