import {
  fold,
  ForeignEvent,
  nameOf,
  readDataBy,
  type Decider,
  type DomainEvent,
  type EventContract,
} from '@loa/event-sourcing';
import type { DeliveredEvent } from '@loa/transport';
import type { StoryEvent } from './story.js';

/** The log of a context as a carrier hands it over: text, as it is stored. */
export function delivered(events: readonly StoryEvent[]): DeliveredEvent[] {
  const versions = new Map<string, number>();
  return events.map(({ streamId, type, schemaVersion, data, occurredAt, recordedAt }, index) => {
    const version = (versions.get(streamId) ?? 0) + 1;
    versions.set(streamId, version);
    return {
      position: index + 1,
      previous: index,
      offset: index + 1,
      streamId,
      version,
      eventId: `00000000-0000-4000-8000-${String(index + 1).padStart(12, '0')}`,
      type,
      schemaVersion,
      data: JSON.stringify(data),
      meta: JSON.stringify({ at: occurredAt }),
      recordedAt,
    };
  });
}

/** The streams of a context, as its deciders get them. */
export function streamsOf(
  contracts: readonly EventContract[],
  events: readonly DeliveredEvent[],
): ReadonlyMap<string, readonly DomainEvent[]> {
  const read = readDataBy(contracts);
  const streams = new Map<string, DomainEvent[]>();
  for (const event of events) {
    const fact = { ...event, name: nameOf(event.type), data: read(event) };
    streams.set(event.streamId, [...(streams.get(event.streamId) ?? []), fact]);
  }
  return streams;
}

/** What a decider makes of a stream, after each fact of it. None when the stream is one of another kind of thing. */
export function statesAfter(decider: Decider, facts: readonly DomainEvent[]): unknown[] {
  try {
    return facts.map((_, index) => fold(decider, facts.slice(0, index + 1)));
  } catch (error) {
    if (error instanceof ForeignEvent) return [];
    throw error;
  }
}

/**
 * What the deciders of a context make of its streams.
 * @throws when no decider takes in all of a stream
 */
export function statesOf(
  contracts: readonly EventContract[],
  deciders: readonly Decider[],
  events: readonly DeliveredEvent[],
): Record<string, unknown> {
  return Object.fromEntries(
    [...streamsOf(contracts, events)].map(([streamId, facts]) => {
      const found = deciders.flatMap((decider) =>
        statesAfter(decider, facts)
          .slice(-1)
          .map((state) => [`${decider.aggregate} ${streamId}`, state] as const),
      );
      if (!found[0]) throw new Error(`no decider takes in all of the stream ${streamId}`);
      return found[0];
    }),
  );
}

/** As a newer release might write it: every object has fields that nobody here knows. */
export function withMoreFields(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withMoreFields);
  if (value === null || typeof value !== 'object') return value;
  const inner = Object.entries(value).map(([field, one]) => [field, withMoreFields(one)] as const);
  return { ...Object.fromEntries(inner), addedLater: { vi: 'thêm sau', list: [{ n: 1 }] }, name2: 'x' };
}
