import { toPosition } from '@loa/database';
import type pg from 'pg';

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
export type EventRow = [head: string, data: string, meta: string];

/** Between the parts of the head. Its last one, the type, may be any text. */
const SEPARATOR = '\u001e';
const UUID_LENGTH = 36;

/**
 * What is small comes as one text, the ids first because their length is known: every column is a call into the
 * decoder of the driver, and those are most of what a read costs.
 */
export const eventColumns = `concat_ws(E'\\x1e', stream_id, event_id, position, version, schema_version, recorded_at, type),
  data, meta`;

/** For a query of {@link eventColumns}: every value as the text that PostgreSQL sends. */
export const asText: pg.CustomTypesConfig = { getTypeParser: () => (text: unknown) => text };

export function eventOf([head, data, meta]: EventRow): StoredEvent {
  const afterIds = 2 * UUID_LENGTH + 2;
  const afterPosition = head.indexOf(SEPARATOR, afterIds) + 1;
  const afterVersion = head.indexOf(SEPARATOR, afterPosition) + 1;
  const afterSchema = head.indexOf(SEPARATOR, afterVersion) + 1;
  const afterInstant = head.indexOf(SEPARATOR, afterSchema) + 1;
  return {
    position: toPosition(head.slice(afterIds, afterPosition - 1)),
    streamId: head.slice(0, UUID_LENGTH),
    version: Number(head.slice(afterPosition, afterVersion - 1)),
    eventId: head.slice(UUID_LENGTH + 1, afterIds - 1),
    type: head.slice(afterInstant),
    schemaVersion: Number(head.slice(afterVersion, afterSchema - 1)),
    data,
    meta,
    recordedAt: instantOf(head.slice(afterSchema, afterInstant - 1)),
  };
}

/** Of an instant as PostgreSQL writes it: how long it is up to the seconds, and with three digits behind them. */
const TO_SECONDS = 19;
const TO_MILLISECONDS = 23;
const UTC = '+00';

/**
 * An instant as a session of {@link openPool} writes it (`2022-06-01 06:00:00.12+00`, 0 to 6 digits) in RFC 3339 with
 * milliseconds. Further digits are cut off, as to_char does, which costs the server more than all else of a row.
 * @throws RangeError when the session writes them in another way
 */
export function instantOf(text: string): string {
  const end = text.length - UTC.length;
  const shaped = text[10] === ' ' && (end === TO_SECONDS || text[TO_SECONDS] === '.');
  if (!shaped || !text.endsWith(UTC))
    throw new RangeError(
      `PostgreSQL wrote an instant as "${text}": the session must have TimeZone=UTC and DateStyle=ISO, as openPool sets them`,
    );
  const day = text.slice(0, 10);
  if (end === TO_SECONDS) return `${day}T${text.slice(11, TO_SECONDS)}.000Z`;
  return `${day}T${text.slice(11, Math.min(end, TO_MILLISECONDS)).padEnd(12, '0')}Z`;
}
