import type { DatabasePlace } from './installation.js';
import { withPool } from './lent-pool.js';
import type { LogStatus } from './log-status.js';
import { lagOf, type PartitionCheckpoint, type ReaderLag } from './reader-lag.js';
import type { ReaderPlace } from './readers.js';

/** Events that the rows of a reader lack: no contract that it knew when it read them declares their type. */
export interface UnknownType {
  readonly type: string;
  readonly events: number;
  readonly firstPosition: number;
  readonly lastPosition: number;
  /** When a reader met the first of them, and the last. */
  readonly firstSeenAt: string;
  readonly lastSeenAt: string;
}

export interface ReaderStatus extends ReaderLag {
  readonly reader: string;
  readonly source: string;
  readonly parked: number;
  readonly unknownTypes: readonly UnknownType[];
  /** Null: it has taken in nothing of this source yet. */
  readonly appliedAt: string | null;
  /** Age of the oldest event it has not applied; 0 when there is none. */
  readonly secondsBehind: number;
  /** For so long it has neither said that it has everything, nor taken in anything; null: it never said so. */
  readonly secondsSilent: number | null;
}

/** What a reader has written down about one source. */
export interface Taken {
  readonly source: string;
  readonly partitions: readonly PartitionCheckpoint[];
  readonly appliedAt: Date;
  readonly secondsSilent: number | null;
  readonly parked: number;
  readonly unknownTypes: readonly UnknownType[];
}

/** As `toISOString` has it. */
const instant = (at: string) => `to_char(${at} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** Of the sources that it has taken in anything of. */
export async function takenBy({ name, schema, place }: ReaderPlace): Promise<Taken[]> {
  const { rows } = await withPool(place, (pool) =>
    pool.query<Taken>(
      `SELECT c.source, max(c.applied_at) AS "appliedAt",
              CASE WHEN count(c.caught_up_at) = count(*)
                   THEN greatest(0, extract(epoch FROM now() - greatest(min(c.caught_up_at), max(c.applied_at))))::int
                   END AS "secondsSilent",
              json_agg(json_build_object('partition', c.partition, 'position', c.position)) AS partitions,
              (SELECT count(*)::int FROM ${schema}.parked p WHERE p.reader = $1 AND p.source = c.source) AS parked,
              coalesce((SELECT json_agg(u) FROM (
                 SELECT type, sum(events) AS events, min(first_position) AS "firstPosition",
                        max(last_position) AS "lastPosition", ${instant('min(first_seen_at)')} AS "firstSeenAt",
                        ${instant('max(last_seen_at)')} AS "lastSeenAt"
                   FROM ${schema}.unknown_type WHERE reader = $1 AND source = c.source GROUP BY type ORDER BY 3
              ) u), '[]') AS "unknownTypes"
         FROM ${schema}.checkpoint c WHERE c.reader = $1 GROUP BY c.source`,
      [name],
    ),
  );
  return rows;
}

/**
 * Where a reader stands in every log that it should read, also in those that it never did.
 * @param logs as they were after the reader's places were looked up
 */
export function readerStatus(
  { name, sources }: ReaderPlace,
  taken: readonly Taken[],
  logs: readonly LogStatus[],
  contexts: readonly DatabasePlace[],
): Promise<ReaderStatus[]> {
  return Promise.all(
    sources.map(async (source) => {
      const of = taken.find((one) => one.source === source);
      const log = logs.find(({ context }) => context === source)!;
      const lag = lagOf(log.head, log.relay, of?.partitions ?? []);
      const at = contexts.find((context) => context.name === source)!;
      return {
        reader: name,
        source,
        parked: of?.parked ?? 0,
        unknownTypes: of?.unknownTypes ?? [],
        ...lag,
        appliedAt: of?.appliedAt.toISOString() ?? null,
        secondsSilent: of?.secondsSilent ?? null,
        secondsBehind: lag.eventsBehind === 0 ? 0 : await ageOf(at, lag.reached + 1),
      };
    }),
  );
}

/** In seconds; 0 when there is no such event. */
function ageOf(place: DatabasePlace, position: number): Promise<number> {
  return withPool(place, async (pool) => {
    const { rows } = await pool.query<{ age: number }>(
      'SELECT extract(epoch FROM now() - recorded_at)::int AS age FROM es.event WHERE position = $1',
      [position],
    );
    return rows[0]?.age ?? 0;
  });
}
