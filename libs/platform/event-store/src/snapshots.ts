import { createHash } from 'node:crypto';
import type pg from 'pg';
import { eventColumns, eventOf, type EventRow, type StoredEvent } from './stored-event.js';

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

/** States beside the log, so that a long stream need not be folded from its beginning. Lost ones cost only time. */
export class Snapshots {
  constructor(private readonly pool: pg.Pool) {}

  /** One round trip. @throws BrokenSnapshot */
  async load(streamId: string, stateSchema: number): Promise<LoadedSince> {
    const { rows } = await this.pool.query<[...EventRow, sum: string | null]>({
      name: 'es.load_since',
      rowMode: 'array',
      // The row of the snapshot comes first: it has the version of an event that is left out.
      text: `WITH s AS MATERIALIZED (
               SELECT s.* FROM es.snapshot s JOIN es.event e USING (stream_id, version, event_id)
                WHERE s.stream_id = $1 AND s.state_schema = $2)
             SELECT 0, stream_id, version, event_id, '', state_schema, state::text, '', '', sum FROM s
             UNION ALL
             SELECT ${eventColumns}, NULL FROM es.event
              WHERE stream_id = $1 AND version > coalesce((SELECT version FROM s), 0)
             ORDER BY version`,
      values: [streamId, stateSchema],
    });
    const sum = rows[0]?.[9] ?? undefined;
    const snapshot = sum === undefined ? undefined : eventOf(rows.shift()!.slice(0, 9) as EventRow);
    const events = rows.map((row) => eventOf(row.slice(0, 9) as EventRow));
    const since = snapshot?.version ?? 0;
    if (snapshot) {
      const { eventId, version, data: state } = snapshot;
      if (sum !== sumOf({ streamId, version, eventId, stateSchema, state }))
        throw new BrokenSnapshot(streamId);
    }
    return { state: snapshot?.data, since, version: events.at(-1)?.version ?? since, events };
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
