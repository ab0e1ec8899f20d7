import { toPosition } from '@loa/database/pool';
import { drawn } from '@loa/terminal';
import type { DatabasePlace, Installation } from './installation.js';
import { withPool } from './lent-pool.js';
import type { Outcome } from './outcome.js';
import { lagOf, type PartitionCheckpoint, type ReaderLag, type RelayState } from './reader-lag.js';
import { readersIn, type ReaderPlace } from './readers.js';

/** A reader this far behind needs somebody to look. */
const LATE_SECONDS = 60;

interface LogStatus {
  readonly context: string;
  readonly head: number;
  readonly recordedAt: string | null;
  readonly sealed: number;
  readonly sealedAt: string | null;
  /** How far it was published to Kafka; null where there is no relay. */
  readonly relay: RelayState | null;
  /** Why nothing is published until somebody puts it right; null: there is no such reason. */
  readonly refusal: string | null;
}

interface ReaderStatus extends ReaderLag {
  readonly reader: string;
  readonly source: string;
  readonly parked: number;
  readonly appliedAt: string;
  /** Age of the oldest event it has not applied; 0 when there is none. */
  readonly secondsBehind: number;
}

/** Where every log, relay, seal and reader stands. */
export async function status(installation: Installation): Promise<Outcome> {
  const { contexts } = installation;
  const logs = await Promise.all(contexts.map(logStatus));
  const places = await Promise.all(
    readersIn(installation).map((reader) => readerStatus(reader, logs, contexts)),
  );
  const readers = places.flat();
  const late = readers.filter(({ secondsBehind }) => secondsBehind > LATE_SECONDS);
  const parked = readers.reduce((sum, reader) => sum + reader.parked, 0);
  const notes = [
    ...logs.flatMap(({ context, refusal }) =>
      refusal === null ? [] : [`nothing of ${context} is published: ${refusal}`],
    ),
    ...late.map(({ reader, source, secondsBehind }) => `${reader} is ${secondsBehind} s behind ${source}`),
    ...(parked > 0 ? [`${parked} events are parked: see "loa parked"`] : []),
  ];
  return {
    json: { logs, readers },
    attention: notes.length > 0,
    text: [logTable(logs), readerTable(readers), ...notes].join('\n\n'),
  };
}

const instant = (at: Date | null) => at?.toISOString() ?? null;

function logStatus(place: DatabasePlace): Promise<LogStatus> {
  return withPool(place, async (pool) => {
    const { rows } = await pool.query<{
      head: string;
      recordedAt: Date | null;
      sealed: string;
      sealedAt: Date | null;
      position: string | null;
      tails: string[] | null;
      refusal: string | null;
    }>(
      // Minus infinity stands for "before the first event".
      `SELECT l.head, nullif(l.recorded_at, '-infinity') AS "recordedAt",
              coalesce(s.size, 0) AS sealed, s.sealed_at AS "sealedAt", r.position, r.tails, r.refusal
         FROM es.lane l
         LEFT JOIN LATERAL (SELECT * FROM es.seal ORDER BY size DESC LIMIT 1) s ON true
         LEFT JOIN LATERAL (SELECT * FROM es.relay ORDER BY position DESC LIMIT 1) r ON true
        WHERE l.lane = 0`,
    );
    const { head, recordedAt, sealed, sealedAt, position, tails, refusal } = rows[0]!;
    return {
      context: place.name,
      head: toPosition(head),
      recordedAt: instant(recordedAt),
      sealed: toPosition(sealed),
      sealedAt: instant(sealedAt),
      relay:
        position === null
          ? null
          : { position: toPosition(position), tails: (tails ?? []).map((tail) => toPosition(tail)) },
      refusal,
    };
  });
}

/** By source. */
async function readerStatus(
  { name, schema, place }: ReaderPlace,
  logs: readonly LogStatus[],
  contexts: readonly DatabasePlace[],
): Promise<ReaderStatus[]> {
  const { rows } = await withPool(place, (pool) =>
    pool.query<{ source: string; partitions: PartitionCheckpoint[]; applied_at: Date; parked: number }>(
      `SELECT c.source, max(c.applied_at) AS applied_at,
              json_agg(json_build_object('partition', c.partition, 'position', c.position)) AS partitions,
              (SELECT count(*)::int FROM ${schema}.parked p WHERE p.reader = $1 AND p.source = c.source) AS parked
         FROM ${schema}.checkpoint c WHERE c.reader = $1 GROUP BY c.source ORDER BY c.source`,
      [name],
    ),
  );
  return Promise.all(
    rows.map(async ({ source, partitions, applied_at: appliedAt, parked }) => {
      const log = logs.find(({ context }) => context === source)!;
      const lag = lagOf(log.head, log.relay, partitions);
      const at = contexts.find((context) => context.name === source)!;
      const secondsBehind = lag.eventsBehind === 0 ? 0 : await ageOf(at, lag.reached + 1);
      return { reader: name, source, parked, ...lag, appliedAt: appliedAt.toISOString(), secondsBehind };
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

const logTable = (logs: readonly LogStatus[]): string =>
  drawn({
    title: 'Logs',
    columns: ['context', 'head', 'last recorded', 'published', 'sealed', 'last seal'],
    rows: logs.map(({ context, head, recordedAt, relay, sealed, sealedAt }) => [
      context,
      String(head),
      recordedAt ?? '–',
      relay ? String(relay.position) : '–',
      String(sealed),
      sealedAt ?? '–',
    ]),
  });

const readerTable = (readers: readonly ReaderStatus[]): string =>
  drawn({
    title: 'Readers',
    columns: ['reader', 'source', 'reached', 'behind', 'seconds behind', 'parked', 'last applied'],
    rows: readers.map(({ reader, source, reached, eventsBehind, secondsBehind, parked, appliedAt }) => [
      reader,
      source,
      String(reached),
      String(eventsBehind),
      String(secondsBehind),
      String(parked),
      appliedAt,
    ]),
  });
