import { plainArray } from '@loa/database';
import { DATA, EVENTS_PER_APPEND, META, TYPE } from './payload.js';

/** The table of the floor: the columns and indexes of the store, in no order but that of a sequence. */
export const floorTable = `
CREATE SCHEMA floor;
CREATE TABLE floor.event (LIKE es.event INCLUDING ALL);
CREATE SEQUENCE floor.position;
`;

/** As they were at first: whoever wrote more before would go on with larger indexes than the others. */
export const emptyTables = `
ALTER TABLE es.event DISABLE TRIGGER append_only_all;
TRUNCATE es.event, floor.event;
ALTER TABLE es.event ENABLE TRIGGER append_only_all;
UPDATE es.lane SET head = 0;
ALTER SEQUENCE floor.position RESTART;
`;

/** The texts of a statement, or where it finds them: variables of pgbench, or parameters. */
export interface Texts {
  readonly type: string;
  readonly data: string;
  readonly meta: string;
}

/** Between the texts of several events; no JSON text holds it. */
const SEPARATOR = '\u001e';

/** Of so many events, as the store joins them. */
export function textsOf(events: number): Texts {
  const joined = (text: string) => filled(events, text).join(SEPARATOR);
  return { type: joined(TYPE), data: joined(DATA), meta: joined(META) };
}

/** The rows of one append, in one statement: position from a sequence, ids made by the server. */
export const insertOf = ({ type, data, meta }: Texts): string => `INSERT INTO floor.event
  (stream_id, version, position, event_id, type, schema_version, data, meta, recorded_at)
  SELECT s.id, v.n, nextval('floor.position'), gen_random_uuid(), ${type}::text, 1, ${data}::json, ${meta}::json, clock_timestamp()
    FROM (SELECT gen_random_uuid() AS id) s, generate_series(1, ${EVENTS_PER_APPEND}) v (n)`;

const newId = 'gen_random_uuid()';
const newIds = (count: number) => `ARRAY[${filled(count, newId).join(', ')}]`;
const filled = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value);
const constant = (values: readonly number[]) => `'${plainArray(values)}'`;

/**
 * So many appends of new streams in one call, of the function that the store calls for as many. What it is handed costs
 * next to nothing: ids made by the server, as for the floor, and numbers that are constants.
 * Its texts are those of {@link textsOf}.
 */
export function callOf(appends: number, { type, data, meta }: Texts): string {
  const count = appends * EVENTS_PER_APPEND;
  const events = [newIds(count), type, constant(filled(count, 1)), data, meta];
  if (appends === 1) return `SELECT * FROM es.append(${[newId, '0', ...events, constant([])].join(', ')})`;
  const indexes = Array.from({ length: count }, (_, index) => index);
  const values = [
    newIds(appends),
    constant(filled(appends, 0)),
    constant(indexes.map((index) => Math.floor(index / EVENTS_PER_APPEND) + 1)),
    constant(indexes.map((index) => (index % EVENTS_PER_APPEND) + 1)),
    ...events,
  ];
  return `SELECT * FROM es.append_batch(${values.join(', ')})`;
}
