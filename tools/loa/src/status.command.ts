import { toPosition } from '@loa/database';
import { lastSeal } from '@loa/seals';
import { drawn } from '@loa/terminal';
import type pg from 'pg';
import type { ContextPlace, Installation } from './installation.js';
import { withLog, withPool } from './opened.js';
import type { Outcome } from './outcome.js';
import { lagOf, type PartitionCheckpoint, type ReaderLag, type RelayState } from './reader-lag.js';

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
export async function status({ contexts, read }: Installation): Promise<Outcome> {
  const logs = await Promise.all(contexts.map(logStatus));
  const readers: ReaderStatus[] = [];
  for (const { runtime, definition } of contexts) {
    if (!definition.knowledge) continue;
    const { schema } = definition.knowledge;
    readers.push(...(await withPool({ runtime }, (pool) => readersOf(pool, schema, logs, contexts))));
  }
  readers.push(...(await withPool(read, (pool) => readersOf(pool, 'read', logs, contexts))));
  const late = readers.filter(({ secondsBehind }) => secondsBehind > LATE_SECONDS);
  const parked = readers.reduce((sum, reader) => sum + reader.parked, 0);
  const notes = [
    ...late.map(({ reader, source, secondsBehind }) => `${reader} is ${secondsBehind} s behind ${source}`),
    ...(parked > 0 ? [`${parked} events are parked: see "loa parked"`] : []),
  ];
  return {
    json: { logs, readers },
    attention: notes.length > 0,
    text: [logTable(logs), readerTable(readers), ...notes].join('\n\n'),
  };
}

function logStatus(place: ContextPlace): Promise<LogStatus> {
  return withLog(place, async (store) => {
    const { rows } = await store.pool.query<{ head: string; recorded_at: Date | number }>(
      'SELECT head, recorded_at FROM es.lane WHERE lane = 0',
    );
    const relays = await store.pool.query<{ position: string; tails: string[] }>(
      'SELECT position, tails FROM es.relay ORDER BY position DESC LIMIT 1',
    );
    const seal = await lastSeal(store.pool);
    const at = rows[0]!.recorded_at;
    const relay = relays.rows[0];
    return {
      context: place.name,
      head: toPosition(rows[0]!.head),
      // Minus infinity, a number, before the first event.
      recordedAt: at instanceof Date ? at.toISOString() : null,
      sealed: seal?.size ?? 0,
      sealedAt: seal?.sealedAt ?? null,
      relay: relay
        ? { position: toPosition(relay.position), tails: relay.tails.map((tail) => toPosition(tail)) }
        : null,
    };
  });
}

async function readersOf(
  pool: pg.Pool,
  schema: string,
  logs: readonly LogStatus[],
  contexts: readonly ContextPlace[],
): Promise<ReaderStatus[]> {
  const { rows } = await pool.query<{
    reader: string;
    source: string;
    partitions: PartitionCheckpoint[];
    applied_at: Date;
    parked: number;
  }>(
    `SELECT c.reader, c.source, max(c.applied_at) AS applied_at,
            json_agg(json_build_object('partition', c.partition, 'position', c.position)) AS partitions,
            (SELECT count(*)::int FROM ${schema}.parked p WHERE p.reader = c.reader AND p.source = c.source) AS parked
       FROM ${schema}.checkpoint c GROUP BY c.reader, c.source ORDER BY c.reader, c.source`,
  );
  return Promise.all(
    rows.map(async ({ reader, source, partitions, applied_at: appliedAt, parked }) => {
      const log = logs.find(({ context }) => context === source)!;
      const lag = lagOf(log.head, log.relay, partitions);
      const place = contexts.find(({ name }) => name === source)!;
      const secondsBehind = lag.eventsBehind === 0 ? 0 : await ageOf(place, lag.reached + 1);
      return { reader, source, parked, ...lag, appliedAt: appliedAt.toISOString(), secondsBehind };
    }),
  );
}

/** In seconds; 0 when there is no such event. */
function ageOf(place: ContextPlace, position: number): Promise<number> {
  return withLog(place, async (store) => {
    const { rows } = await store.pool.query<{ age: number }>(
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
