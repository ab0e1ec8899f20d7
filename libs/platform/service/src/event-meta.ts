import { nameOf, type DomainEvent, type Notice } from '@loa/event-sourcing';
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

export const domainEvent = ({ type, schemaVersion, data }: StoredEvent): DomainEvent => ({
  type,
  name: nameOf(type),
  schemaVersion,
  data: JSON.parse(data) as unknown,
});

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
