import { toPosition } from '@loa/database';

/** An event as it is stored: payloads stay JSON text until somebody needs to look inside. */
export interface StoredEvent {
  readonly position: number;
  readonly streamId: string;
  readonly version: number;
  readonly eventId: string;
  readonly type: string;
  readonly schemaVersion: number;
  readonly data: string;
  readonly meta: string;
  /** RFC 3339 UTC with milliseconds. */
  readonly recordedAt: string;
}

/** The columns below, as an array: pg then makes no object of every row. */
export type EventRow = [string, string, number, string, string, number, string, string, string];

export const eventColumns = `position, stream_id, version, event_id, type, schema_version, data::text, meta::text,
  to_char(recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

export const eventOf = (row: EventRow): StoredEvent => ({
  position: toPosition(row[0]),
  streamId: row[1],
  version: row[2],
  eventId: row[3],
  type: row[4],
  schemaVersion: row[5],
  data: row[6],
  meta: row[7],
  recordedAt: row[8],
});
