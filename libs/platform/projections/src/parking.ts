import type { DeliveredEvent } from '@loa/transport';
import type pg from 'pg';
import { toPosition } from '@loa/database';
import type { ParkedNotice } from './notice.js';
import { prepared } from './prepared.js';

/** So many streams parked are no bad events but a bad build or a bad table: reading stops instead of parking the world. */
export const MOST_PARKED_STREAMS = 1_000;

/** Reading has stopped because almost nothing can be applied. */
export class TooManyParked extends Error {
  constructor(source: string, streams: number) {
    super(
      `${source}: ${streams} streams are parked already, so this is not about single events: mend the projection or its ` +
        'tables, then retry what is parked. Nothing more is parked and nothing is skipped; reading goes on by itself',
    );
  }
}

/** One partition of a source, as one reader takes it in. */
export interface Place {
  readonly reader: string;
  readonly schema: string;
  readonly source: string;
  readonly partition: number;
}

/** What is set aside of one source, within one transaction that holds the checkpoint. */
export class Parking {
  /** What this transaction has set aside. */
  readonly put: ParkedNotice[] = [];

  private constructor(
    private readonly client: pg.PoolClient,
    private readonly place: Place,
    /** Of those it was opened for, and those it has parked itself. */
    private readonly streams: Set<string>,
    private readonly dropped: ReadonlySet<number>,
  ) {}

  /**
   * To be asked after the checkpoint was locked: what another process has parked meanwhile counts. Only the streams of
   * the batch are looked for: of others, tens of thousands of events may be parked.
   */
  static async open(
    client: pg.PoolClient,
    place: Place,
    { from, events }: { readonly from: number; readonly events: readonly DeliveredEvent[] },
  ): Promise<Parking> {
    const { rows } = await client.query<{ stream: string | null; position: string | null }>(
      prepared(
        `SELECT s.id AS stream, NULL::bigint AS position FROM unnest($3::uuid[]) s (id), LATERAL (
           SELECT FROM ${place.schema}.parked p WHERE p.reader = $1 AND p.source = $2 AND p.stream_id = s.id LIMIT 1) p
         UNION ALL
         SELECT NULL, position FROM ${place.schema}.dropped WHERE reader = $1 AND source = $2 AND position > $4`,
        [place.reader, place.source, [...new Set(events.map(({ streamId }) => streamId))], from],
      ),
    );
    return new Parking(
      client,
      place,
      new Set(rows.flatMap(({ stream }) => (stream === null ? [] : [stream]))),
      new Set(rows.flatMap(({ position }) => (position === null ? [] : [toPosition(position)]))),
    );
  }

  /** True for an event that an operator has left out for good; met again when the rows are made anew. */
  isDropped({ position }: DeliveredEvent): boolean {
    return this.dropped.has(position);
  }

  /** Parks the events whose stream is parked: order within a stream is kept. @returns the others */
  async putBehind(events: readonly DeliveredEvent[]): Promise<readonly DeliveredEvent[]> {
    const behind = events.filter(({ streamId }) => this.streams.has(streamId));
    if (behind.length === 0) return events;
    await this.insert(behind, 'behind', undefined, 0);
    return events.filter(({ streamId }) => !this.streams.has(streamId));
  }

  /** Those of the events that this transaction has not set aside. */
  notPut(events: readonly DeliveredEvent[]): readonly DeliveredEvent[] {
    const put = new Set(this.put.map(({ position }) => position));
    return put.size === 0 ? events : events.filter(({ position }) => !put.has(position));
  }

  /** @throws TooManyParked */
  async park(event: DeliveredEvent, error: string, attempts: number): Promise<void> {
    const streams = await this.parkedStreams();
    if (streams >= MOST_PARKED_STREAMS) throw new TooManyParked(this.place.source, streams);
    await this.insert([event], 'failed', error, attempts);
    this.streams.add(event.streamId);
  }

  private async parkedStreams(): Promise<number> {
    const { reader, schema, source } = this.place;
    const { rows } = await this.client.query<{ streams: number }>(
      `SELECT count(DISTINCT stream_id)::int AS streams FROM ${schema}.parked WHERE reader = $1 AND source = $2`,
      [reader, source],
    );
    return rows[0]!.streams;
  }

  private async insert(
    events: readonly DeliveredEvent[],
    why: 'failed' | 'behind',
    error: string | undefined,
    attempts: number,
  ): Promise<void> {
    const { reader, schema, source, partition } = this.place;
    await this.client.query(
      `INSERT INTO ${schema}.parked (reader, source, partition, why, error, attempts,
         position, stream_id, version, event_id, type, schema_version, data, meta, recorded_at)
       SELECT $1, $2, $3, $4, $5, $6, e.* FROM unnest($7::bigint[], $8::uuid[], $9::int[], $10::uuid[], $11::text[],
         $12::int[], $13::text[], $14::text[], $15::timestamptz[]) e`,
      [
        reader,
        source,
        partition,
        why,
        error ?? null,
        attempts,
        events.map(({ position }) => position),
        events.map(({ streamId }) => streamId),
        events.map(({ version }) => version),
        events.map(({ eventId }) => eventId),
        events.map(({ type }) => type),
        events.map(({ schemaVersion }) => schemaVersion),
        events.map(({ data }) => data),
        events.map(({ meta }) => meta),
        events.map(({ recordedAt }) => recordedAt),
      ],
    );
    for (const { position, streamId, type } of events)
      this.put.push({ kind: 'parked', source, position, streamId, type, error });
  }
}
