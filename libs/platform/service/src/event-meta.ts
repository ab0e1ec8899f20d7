import {
  nameOf,
  readDataBy,
  UnknownType,
  type DomainEvent,
  type EventContract,
  type Notice,
} from '@loa/event-sourcing';
import type { NewEvent, StoredEvent } from '@loa/event-store';
import type { Attempt } from './attempt.js';
import { eventId } from './ids.js';

/** What an event carries besides its data. No personal data: keys and codes only. */
export interface EventMeta {
  readonly command: string;
  readonly key: string;
  readonly fingerprint: string;
  /** When it happened. */
  readonly at: string;
  readonly id: string;
  readonly warnings?: readonly Notice[];
}

/**
 * How stored facts of a context become facts to fold, each in its newest version.
 * @throws NewerRelease when folding meets a fact that a newer release wrote
 */
export function domainEventsBy(events: readonly EventContract[]): (stored: StoredEvent) => DomainEvent {
  const readData = readDataBy(events);
  const newest = new Map(events.map(({ type, schemaVersion }) => [type, schemaVersion]));
  return (stored) => {
    const { type } = stored;
    const schemaVersion = newest.get(type);
    if (schemaVersion === undefined) throw new UnknownType(type);
    return { type, name: nameOf(type), schemaVersion, data: readData(stored) };
  };
}

export function newEvent(
  attempt: Attempt,
  event: DomainEvent,
  index: number,
  warnings: readonly Notice[],
): NewEvent {
  const meta: EventMeta = {
    command: attempt.contract.name,
    key: attempt.key,
    fingerprint: attempt.fingerprint,
    at: attempt.at.toISOString(),
    id: attempt.id,
    ...(index === 0 && warnings.length > 0 && { warnings }),
  };
  return {
    eventId: eventId(attempt.key, index),
    type: event.type,
    schemaVersion: event.schemaVersion,
    data: JSON.stringify(event.data),
    meta: JSON.stringify(meta),
  };
}
