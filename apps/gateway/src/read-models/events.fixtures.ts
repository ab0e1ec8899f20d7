import { nameOf, type DomainEvent, type RecordedEvent } from '@loa/event-sourcing';
import { changesOf, foldChanges, type PlainRow, type Projection } from '@loa/projections';
import type { DeliveredBatch, DeliveredEvent } from '@loa/transport';

export const id = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

/** When a fact happened and when it was taken in; RFC 3339. */
export interface Times {
  readonly occurredAt?: string;
  readonly recordedAt: string;
}

/** The log of a context, written by hand. */
export class Log {
  private readonly events: DeliveredEvent[] = [];
  private readonly versions = new Map<string, number>();
  private delivered = 0;

  constructor(private readonly source: string) {}

  add(
    streamId: string,
    { type, schemaVersion, data }: DomainEvent,
    { recordedAt, occurredAt = recordedAt }: Times,
  ): this {
    const version = (this.versions.get(streamId) ?? 0) + 1;
    const position = this.events.length + 1;
    this.versions.set(streamId, version);
    this.events.push({
      position,
      previous: position - 1,
      offset: position,
      streamId,
      version,
      eventId: id(9_000_000 + position),
      type,
      schemaVersion,
      data: JSON.stringify(data),
      meta: JSON.stringify({ at: new Date(occurredAt).toISOString() }),
      recordedAt: new Date(recordedAt).toISOString(),
    });
    return this;
  }

  /** What was not handed over yet. */
  batch(): DeliveredBatch {
    const events = this.events.slice(this.delivered);
    this.delivered = this.events.length;
    return { source: this.source, partition: 0, events };
  }

  /** As the log of a context is read. */
  async read(after: number, limit: number): Promise<DeliveredEvent[]> {
    return this.events.slice(after, after + limit);
  }

  async head(): Promise<number> {
    return this.events.length;
  }

  /** All of it, as projections get it. */
  recorded(): RecordedEvent[] {
    return this.events.map((event) => ({
      ...event,
      name: nameOf(event.type),
      data: JSON.parse(event.data) as unknown,
      occurredAt: (JSON.parse(event.meta) as { at: string }).at,
    }));
  }
}

/** The rows that events come to, by table, in the order in which they were first touched. Pure: no database. */
export function rowsOf(projection: Projection, log: Log): Record<string, PlainRow[]> {
  const rows: Record<string, PlainRow[]> = {};
  for (const { table, versions } of foldChanges(changesOf([projection], log.recorded()), new Map())) {
    const last = versions.at(-1)?.row;
    if (last) (rows[table.name] ??= []).push(last);
  }
  return rows;
}
