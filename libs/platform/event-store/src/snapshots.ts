import { createHash } from 'node:crypto';
import type pg from 'pg';
import { asText, eventColumns, eventOf, type EventRow, type StoredEvent } from './stored-event.js';

/** What the facts of a stream add up to, up to a version. */
export interface Snapshot {
  readonly streamId: string;
  readonly version: number;
  /** Of the event at that version: a snapshot counts only while the log has this event there. */
  readonly eventId: string;
  /** Which form the state has; another number, and it is as if there were no snapshot. */
  readonly stateSchema: number;
  /** JSON text. */
  readonly state: string;
}

/** A snapshot and what came after it, or all there is. */
export interface LoadedSince {
  /** JSON text; undefined when there is no snapshot of that form. */
  readonly state: string | undefined;
  /** The version of the snapshot, 0 without one. */
  readonly since: number;
  readonly version: number;
  /** Those after `since`, oldest first. */
  readonly events: readonly StoredEvent[];
}

/** A snapshot is not as it was written. The log is not touched by that: load the stream without it. */
export class BrokenSnapshot extends Error {
  constructor(streamId: string) {
    super(`the snapshot of stream ${streamId} is not as it was written; it is left aside`);
  }
}

const sumOf = ({ streamId, version, eventId, stateSchema, state }: Snapshot) =>
  createHash('sha256').update([streamId, version, eventId, stateSchema, state].join('\n')).digest('hex');

/** Of an event; or of the snapshot, with its event id and its state in place of head and data. */
type Row = [...EventRow, sum: string | null, version: string];
const [STATE, SUM, VERSION] = [1, 3, 4] as const;

/** States beside the log, so that a long stream need not be folded from its beginning. Lost ones cost only time. */
export class Snapshots {
  constructor(private readonly pool: pg.Pool) {}

  /** One round trip. @throws BrokenSnapshot */
  async load(streamId: string, stateSchema: number): Promise<LoadedSince> {
    const { rows } = await this.pool.query<Row>({
      name: 'es.load_since',
      rowMode: 'array',
      types: asText,
      // The row of the snapshot comes first: it has the version of an event that is left out.
      text: `WITH s AS MATERIALIZED (
               SELECT s.* FROM es.snapshot s JOIN es.event e USING (stream_id, version, event_id)
                WHERE s.stream_id = $1 AND s.state_schema = $2)
             SELECT event_id::text, state, NULL::json, sum, version FROM s
             UNION ALL
             SELECT ${eventColumns}, NULL, version FROM es.event
              WHERE stream_id = $1 AND version > coalesce((SELECT version FROM s), 0)
             ORDER BY version`,
      values: [streamId, stateSchema],
    });
    const snapshot = rows[0]?.[SUM] === null ? undefined : rows.shift();
    const since = Number(snapshot?.[VERSION] ?? 0);
    if (snapshot) {
      const [eventId, state, , sum] = snapshot;
      if (sum !== sumOf({ streamId, version: since, eventId, stateSchema, state }))
        throw new BrokenSnapshot(streamId);
    }
    const events = rows.map(([head, data, meta]) => eventOf([head, data, meta]));
    return { state: snapshot?.[STATE], since, version: events.at(-1)?.version ?? since, events };
  }

  /** An older one never takes the place of a newer one, nor one of an older form that of a newer form. */
  async save(snapshot: Snapshot): Promise<void> {
    const { streamId, version, eventId, stateSchema, state } = snapshot;
    await this.pool.query({
      name: 'es.save_snapshot',
      text: `INSERT INTO es.snapshot AS s (stream_id, version, event_id, state_schema, state, sum)
             VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (stream_id) DO UPDATE SET version = excluded.version, event_id = excluded.event_id,
               state_schema = excluded.state_schema, state = excluded.state, sum = excluded.sum, taken_at = DEFAULT
             WHERE (s.state_schema, s.version) < (excluded.state_schema, excluded.version)`,
      values: [streamId, version, eventId, stateSchema, state, sumOf(snapshot)],
    });
  }
}
