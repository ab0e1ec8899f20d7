import type { Projector } from '@loa/projections';
import type { Relay, Subscription } from '@loa/transport';
import type pg from 'pg';
import type { Metrics } from './metrics.js';

/** A command that was answered or failed. */
export interface HandledCommand {
  readonly command: string;
  readonly outcome: 'accepted' | 'refused' | 'failed';
  readonly seconds: number;
}

/** What a door counts since the start of the process. */
export interface DoorCounters {
  /** Commands answered as before, because their key had been used for the same. */
  readonly replays: number;
  /** Appends that found their stream at another version. */
  readonly conflicts: number;
}

export function watchPool(metrics: Metrics, name: string, pool: pg.Pool): void {
  metrics.ask('db_pool_waiting', () => [{ labels: { pool: name }, value: pool.waitingCount }]);
}

/** @returns what the door is to call after each command */
export function watchDoor(metrics: Metrics, counters: () => DoorCounters): (handled: HandledCommand) => void {
  metrics.ask('idempotency_replays_total', () => [{ value: counters().replays }]);
  metrics.ask('eventstore_append_conflicts_total', () => [{ value: counters().conflicts }]);
  const durations = metrics.histogram('command_duration_seconds');
  return ({ command, outcome, seconds }) => durations.observe({ command, outcome }, seconds);
}

/** What is counted while things are brought back to life, since the start of the process. */
export interface RehydrationCounters {
  readonly events: number;
  readonly used: number;
  readonly taken: number;
  /** Snapshots that were not as they were written. */
  readonly broken: number;
  /** Snapshots that could not be saved. */
  readonly failed: number;
}

export function watchRehydration(metrics: Metrics, counters: () => RehydrationCounters): void {
  metrics.ask('eventstore_rehydrated_events_total', () => [{ value: counters().events }]);
  metrics.ask('eventstore_snapshots_total', () => {
    const { used, broken: ignored, taken, failed } = counters();
    return Object.entries({ used, ignored, taken, failed }).map(([outcome, value]) => ({
      labels: { outcome },
      value,
    }));
  });
}

/** @returns what the relay is to call after each batch, with the seconds it took */
export function publishTimes(metrics: Metrics): (seconds: number) => void {
  const durations = metrics.histogram('outbox_publish_duration_seconds');
  return (seconds) => durations.observe(seconds);
}

/** @param topic the name that the progress of the relay is kept under */
export function watchRelay(metrics: Metrics, relay: Relay, pool: pg.Pool, topic: string): void {
  metrics.ask('outbox_publish_failures_total', () => [{ value: relay.counters.failures }]);
  // One question for both figures, which are always read together.
  const pending = asked(async () => {
    const { rows } = await pool.query<{ messages: string; seconds: number | null }>(
      `WITH published AS (SELECT coalesce((SELECT position FROM es.relay WHERE name = $1), 0) AS position)
       SELECT l.head - p.position AS messages,
              (SELECT extract(epoch FROM now() - e.recorded_at)::float8
                 FROM es.event e WHERE e.position > p.position ORDER BY e.position LIMIT 1) AS seconds
         FROM es.lane l, published p WHERE l.lane = 0`,
      [topic],
    );
    return { messages: Number(rows[0]!.messages), seconds: Math.max(0, rows[0]!.seconds ?? 0) };
  });
  metrics.ask('outbox_pending_messages', async () => [{ value: (await pending()).messages }]);
  metrics.ask('outbox_oldest_pending_seconds', async () => [{ value: (await pending()).seconds }]);
}

export function watchProjector(metrics: Metrics, projector: Projector, subscription: Subscription): void {
  const { name } = projector;
  const labels = { projection: name };
  metrics.ask('projection_lag_events', async () => [{ labels, value: await subscription.behind() }]);
  metrics.ask('projection_lag_seconds', async () => {
    const seconds = await projector.secondsBehind();
    return seconds === undefined ? [] : [{ labels, value: seconds }];
  });
  metrics.ask('dlq_messages_total', () => {
    const { parked, dropped } = projector.counters;
    return [
      { labels: { consumer: name, reason: 'parked' }, value: parked },
      { labels: { consumer: name, reason: 'dropped' }, value: dropped },
    ];
  });
  const consumer = { consumer: name };
  metrics.ask('projection_parked_events', async () => [
    { labels: consumer, value: await projector.parkedNow() },
  ]);
  metrics.ask('projection_unknown_events', async () => [
    { labels: consumer, value: await projector.unknownNow() },
  ]);
}

/** What is sealed of the log of a context, and what comparing it with its seals came to. */
export function watchSeals(metrics: Metrics, context: string, pool: pg.Pool): void {
  const one = async (sql: string) => {
    const { rows } = await pool.query<{ value: string }>(sql);
    return [{ labels: { context }, value: Number(rows[0]!.value) }];
  };
  metrics.ask('audit_chain_last_sealed_position', () =>
    one('SELECT coalesce(max(size), 0) AS value FROM es.seal'),
  );
  metrics.ask('audit_chain_verification_failures_total', () =>
    one('SELECT count(finding) AS value FROM es.verification'),
  );
}

/** @param registry the schema that keeps the records about generations */
export function watchRebuild(metrics: Metrics, { name }: Projector, pool: pg.Pool, registry: string): void {
  metrics.ask('projection_rebuild_progress_ratio', async () => {
    const { rows } = await pool.query<{ progress: number }>(
      `SELECT progress FROM ${registry}.generation WHERE state = 'building'`,
    );
    return rows.map(({ progress }) => ({ labels: { projection: name }, value: progress }));
  });
}

/** One question at a time: whoever asks while it is under way gets the same answer. */
function asked<T>(question: () => Promise<T>): () => Promise<T> {
  let underWay: Promise<T> | undefined;
  return () => (underWay ??= question().finally(() => (underWay = undefined)));
}
