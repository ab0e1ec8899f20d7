import type pg from 'pg';
import { Appender, type Append, type AppendResult, type QueueBounds } from './appender.js';
import { toPosition } from '@loa/database';
import { EventPages, type EventPage } from './event-page.js';
import { asText, eventColumns, eventOf, type EventRow, type StoredEvent } from './stored-event.js';

export interface LoadedStream {
  readonly version: number;
  readonly events: readonly StoredEvent[];
}

/** Where the outcome of an earlier command with the same first event id is to be found. */
export interface EarlierOutcome {
  readonly streamId: string;
  /** Version and position of the last event of that command. */
  readonly version: number;
  readonly position: number;
  readonly meta: string;
}

/** The log of one context. Appends are grouped, reads are in commit order and without gaps. */
export class EventStore {
  private readonly appender: Appender;
  private readonly pages: EventPages;
  private readonly listeners = new Set<() => void>();

  /** @param bounds what may wait for the append under way; the default of what is left out: 4,096 appends, 64 MiB */
  constructor(
    readonly pool: pg.Pool,
    bounds: Partial<QueueBounds> = {},
  ) {
    this.appender = new Appender(pool, () => this.listeners.forEach((wake) => wake()), bounds);
    this.pages = new EventPages((after, rows, types) => this.rowsAfter(after, rows, types));
  }

  append(append: Append): Promise<AppendResult> {
    return this.appender.append(append);
  }

  /** Calls back after every append of this process, so that a reader here need not wait for its next poll. */
  onAppended(wake: () => void): () => void {
    this.listeners.add(wake);
    return () => this.listeners.delete(wake);
  }

  /** The facts of one thing, oldest first; with `until` only those recorded at or before that instant. */
  async load(streamId: string, { until }: { until?: string } = {}): Promise<LoadedStream> {
    const { rows } = await this.pool.query<EventRow>({
      name: 'es.load',
      rowMode: 'array',
      types: asText,
      text: `SELECT ${eventColumns} FROM es.event
              WHERE stream_id = $1 AND ($2::timestamptz IS NULL OR recorded_at <= $2) ORDER BY version`,
      values: [streamId, until ?? null],
    });
    const events = rows.map(eventOf);
    return { version: events.at(-1)?.version ?? 0, events };
  }

  /** Several things at once, in one round trip. */
  async loadAll(streamIds: readonly string[]): Promise<ReadonlyMap<string, LoadedStream>> {
    if (streamIds.length === 0) return new Map();
    const { rows } = await this.pool.query<EventRow>({
      name: 'es.load_all',
      rowMode: 'array',
      types: asText,
      text: `SELECT ${eventColumns} FROM es.event WHERE stream_id = ANY ($1) ORDER BY stream_id, version`,
      values: [streamIds],
    });
    const streams = new Map<string, { version: number; events: StoredEvent[] }>();
    for (const event of rows.map(eventOf)) {
      const stream = streams.get(event.streamId) ?? { version: 0, events: [] };
      stream.events.push(event);
      stream.version = event.version;
      streams.set(event.streamId, stream);
    }
    return streams;
  }

  /** What an earlier command came to, by the id of the first event it would have written. */
  async outcomeOf(firstEventId: string, commandKey: string): Promise<EarlierOutcome | undefined> {
    const { rows } = await this.pool.query<[string, number, string, string]>({
      name: 'es.outcome',
      rowMode: 'array',
      // A command writes its events together, so the ones that carry its key follow the first without a break.
      text: `SELECT f.stream_id, l.version, l.position, f.meta::text
               FROM es.event f
               CROSS JOIN LATERAL (
                 SELECT e.version, e.position FROM es.event e
                  WHERE e.stream_id = f.stream_id AND e.version >= f.version AND e.meta ->> 'key' = $2
                  ORDER BY e.version DESC LIMIT 1) l
              WHERE f.event_id = $1`,
      values: [firstEventId, commandKey],
    });
    const row = rows[0];
    return row && { streamId: row[0], version: row[1], position: toPosition(row[2]), meta: row[3] };
  }

  /**
   * What follows a position, in commit order: up to `limit` events, of no more than {@link PAGE_CHARACTERS}, but
   * always one where there is one. Only `more` of the answer says whether the log goes on.
   */
  read(after: number, limit: number): Promise<EventPage> {
    return this.pages.read(after, limit);
  }

  /** The last position given out. */
  async head(): Promise<number> {
    const { rows } = await this.pool.query<{ head: string }>('SELECT head FROM es.lane WHERE lane = 0');
    return toPosition(rows[0]!.head);
  }

  /** Waits for the appends under way, then closes the connections. */
  async close(): Promise<void> {
    await this.appender.settled();
    await this.pool.end();
  }

  private async rowsAfter(after: number, limit: number, types: pg.CustomTypesConfig): Promise<EventRow[]> {
    const { rows } = await this.pool.query<EventRow>({
      name: 'es.read',
      rowMode: 'array',
      types,
      text: `SELECT ${eventColumns} FROM es.event WHERE position > $1 ORDER BY position LIMIT $2`,
      values: [after, limit],
    });
    return rows;
  }
}
