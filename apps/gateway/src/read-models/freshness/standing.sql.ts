import { readTable } from '@loa/projections';

/** How far the projector has come, per partition of each context. */
const checkpoint = readTable('checkpoint', {
  key: ['reader', 'source', 'partition'],
  columns: {
    reader: 'text',
    source: 'text',
    partition: 'int',
    position: 'bigint',
    recorded_at: 'timestamptz?',
    caught_up_at: 'timestamptz?',
  },
});

const parked = readTable('parked', {
  key: ['reader', 'source', 'position'],
  columns: {
    reader: 'text',
    source: 'text',
    position: 'bigint',
    stream_id: 'uuid',
    recorded_at: 'timestamptz',
  },
});

const dropped = readTable('dropped', {
  key: ['reader', 'source', 'position'],
  columns: { reader: 'text', source: 'text', position: 'bigint', stream_id: 'uuid' },
});

const unknownType = readTable('unknown_type', {
  key: ['reader', 'source', 'partition', 'type'],
  columns: {
    reader: 'text',
    source: 'text',
    partition: 'int',
    type: 'text',
    first_position: 'bigint',
    last_position: 'bigint',
    events: 'bigint',
  },
});

export const standingTables = [checkpoint, parked, dropped, unknownType];

/**
 * Where everything stands, what is passed over, and what is set aside of some streams. $1: reader, $2: stream ids.
 * Answers a {@link Standing}.
 */
export const standingSql = `
SELECT json_build_object(
  'reached', (SELECT coalesce(json_object_agg(source || '/' || partition, position), '{}'::json)
                FROM checkpoint WHERE reader = $1::text),
  'parked', (SELECT coalesce(json_object_agg(stream_id, position), '{}'::json)
               FROM (SELECT stream_id, min(position) AS position FROM parked
                      WHERE reader = $1::text AND stream_id = ANY ($2::uuid[]) GROUP BY stream_id) p),
  'dropped', (SELECT coalesce(json_agg(json_build_object('context', source, 'position', position)), '[]'::json)
                FROM dropped WHERE reader = $1::text AND stream_id = ANY ($2::uuid[])),
  'passedOver', (SELECT coalesce(json_agg(json_build_object('context', source, 'partition', partition,
                          'first', min, 'last', max)), '[]'::json)
                   FROM (SELECT source, partition, min(first_position), max(last_position) FROM unknown_type
                          WHERE reader = $1::text GROUP BY source, partition) u))`;

export interface Standing {
  /** By `<context>/<partition>`. */
  readonly reached: Readonly<Record<string, number>>;
  /** By stream: from which position on. */
  readonly parked: Readonly<Record<string, number>>;
  readonly dropped: readonly { readonly context: string; readonly position: number }[];
  /** Between which positions there are events whose type was not known, however many. */
  readonly passedOver: readonly {
    readonly context: string;
    readonly partition: number;
    readonly first: number;
    readonly last: number;
  }[];
}

/**
 * How fresh each context is. $1: reader, $2: contexts, $3: partitions of each. One that has no row for each of its
 * partitions was never caught up with. Answers a list of {@link FreshnessRow}.
 */
export const freshnessSql = `
SELECT json_agg(json_build_object(
    'context', c.context,
    'position', coalesce(s.position, 0),
    'recordedAt', s.recorded_at,
    'caughtUpAt', s.caught_up_at,
    'secondsBehind', CASE WHEN s.caught_up_at IS NOT NULL
      THEN greatest(0, floor(extract(epoch FROM now() - s.caught_up_at)))::int END,
    'parked', p.events,
    'parkedSince', p.since,
    'notUnderstood', (SELECT coalesce(sum(u.events), 0) FROM unknown_type u
                       WHERE u.reader = $1::text AND u.source = c.context)) ORDER BY c.at)
  FROM unnest($2::text[]) WITH ORDINALITY c (context, at)
  LEFT JOIN LATERAL (
    SELECT max(k.position) AS position,
           (array_agg(k.recorded_at ORDER BY k.position DESC))[1] AS recorded_at,
           CASE WHEN count(k.caught_up_at) = $3::int THEN min(k.caught_up_at) END AS caught_up_at
      FROM checkpoint k
     WHERE k.reader = $1::text AND k.source = c.context AND k.partition < $3::int) s ON true
  CROSS JOIN LATERAL (
    SELECT count(*) AS events, min(recorded_at) AS since
      FROM parked WHERE reader = $1::text AND source = c.context) p`;

export interface FreshnessRow {
  readonly context: string;
  readonly position: number;
  readonly recordedAt: string | null;
  readonly caughtUpAt: string | null;
  readonly secondsBehind: number | null;
  readonly parked: number;
  /** When the first of them was recorded. */
  readonly parkedSince: string | null;
  readonly notUnderstood: number;
}
