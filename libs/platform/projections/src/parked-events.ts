import { toPosition } from '@loa/database';
import { PAGE_CHARACTERS, type StoredEvent } from '@loa/event-store';
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';

/** An event that is set aside; its payload and meta data as they arrived: they may not even be JSON. */
export interface ParkedEvent extends StoredEvent {
  readonly source: string;
  readonly partition: number;
  /** `behind`: an earlier event of its stream is parked. */
  readonly why: 'failed' | 'behind';
  /** Why it failed, without its payload; null: it was not tried. */
  readonly error: string | null;
  readonly attempts: number;
  readonly parkedAt: string;
}

/** What became of a request. */
export interface ParkedOutcome {
  /**
   * `done`: nothing of the stream is parked any more; `failing`: an event fails still; `gone`: there was nothing to act
   * on; `pending`: the reader has not got to it yet or is at it, and goes on whenever it runs.
   */
  readonly state: 'done' | 'failing' | 'gone' | 'pending';
  /** Parked events that were applied after all; of a request that is pending, so far. */
  readonly applied: number;
  /** How many events of the stream are parked now. */
  readonly remaining: number;
  /** The first of them: the one that they are parked for. */
  readonly next: ParkedEvent | undefined;
}

/** A parked event without its payloads. */
export type ParkedHeading = Omit<ParkedEvent, 'data' | 'meta'>;

/** What became of a retry of every stream. */
export interface ParkedSweep {
  /** How many streams there were, by what became of the request for each. */
  readonly streams: Readonly<Record<ParkedOutcome['state'], number>>;
  /** Parked events that were applied after all. */
  readonly applied: number;
  /** How many events are parked now. */
  readonly remaining: number;
}

/** One reader, and the schema of its rows. */
export interface ParkedPlace {
  readonly name: string;
  readonly schema: string;
}

const instant = (column: string) => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

const headingColumns = `source, position, partition, stream_id AS "streamId", version, event_id AS "eventId", type,
  schema_version AS "schemaVersion", ${instant('recorded_at')} AS "recordedAt", why, error, attempts,
  ${instant('parked_at')} AS "parkedAt"`;
const columns = `${headingColumns}, data, meta`;

type Row = Omit<ParkedEvent, 'position'> & { readonly position: string };

const eventIn = (row: Row): ParkedEvent => ({ ...row, position: toPosition(row.position) });

/**
 * The first parked events of a stream, in the order of the stream: up to `most`, of no more than `PAGE_CHARACTERS`,
 * but always one where there is one. How many they are does not say whether there are others behind them.
 */
export async function parkedOf(
  client: pg.PoolClient,
  { schema, name }: ParkedPlace,
  { source, streamId }: Pick<ParkedEvent, 'source' | 'streamId'>,
  most: number,
): Promise<ParkedEvent[]> {
  const { rows } = await client.query<Row>(
    // In UTF-8 no text has more characters than bytes; and to know how many these are, PostgreSQL unpacks nothing.
    `SELECT ${columns} FROM (
       SELECT *, row_number() OVER so_far AS nth, sum(octet_length(data) + octet_length(meta)) OVER so_far AS octets
         FROM (SELECT * FROM ${schema}.parked WHERE reader = $1 AND source = $2 AND stream_id = $3
                ORDER BY version LIMIT $4) first
       WINDOW so_far AS (ORDER BY version ROWS UNBOUNDED PRECEDING)) measured
      WHERE nth = 1 OR octets <= $5 ORDER BY version`,
    [name, source, streamId, most, PAGE_CHARACTERS],
  );
  return rows.map(eventIn);
}

/** What an operator wants done; position and reason are of a drop. */
export interface ParkedRequest {
  readonly action: 'retry' | 'drop';
  readonly source: string;
  readonly streamId: string;
  readonly position: number | null;
  readonly reason: string | null;
  readonly by: string;
}

const gone: ParkedOutcome = { state: 'gone', applied: 0, remaining: 0, next: undefined };

const beforeAll = { source: '', position: 0 };
const PATIENCE_MS = 5_000;
const LOOK_AGAIN_MS = 50;

/**
 * Parked events as operators see them, and what they want done with them. Only the reader itself touches rows and
 * checkpoint: here a request is written, the process of the reader carries it out, and the outcome is waited for.
 */
export class ParkedEvents {
  constructor(
    private readonly pool: pg.Pool,
    private readonly place: ParkedPlace,
    private readonly patienceMs = PATIENCE_MS,
  ) {}

  /** In the order of source and position; of one stream, that is the order of the stream. */
  async list(
    first: number,
    after: Pick<ParkedEvent, 'source' | 'position'> = beforeAll,
    streamId?: string,
  ): Promise<ParkedEvent[]> {
    const { schema, name } = this.place;
    const { rows } = await this.pool.query<Row>(
      `SELECT ${columns} FROM ${schema}.parked
        WHERE reader = $1 AND (source, position) > ($2::text, $3::bigint) AND ($5::uuid IS NULL OR stream_id = $5)
        ORDER BY source, position LIMIT $4`,
      [name, after.source, after.position, first, streamId ?? null],
    );
    return rows.map(eventIn);
  }

  /** The same without payloads, which may be large; what is told of a long list. */
  async headings(
    first: number,
    after: Pick<ParkedEvent, 'source' | 'position'> = beforeAll,
  ): Promise<ParkedHeading[]> {
    const { schema, name } = this.place;
    const { rows } = await this.pool.query<Omit<ParkedHeading, 'position'> & { position: string }>(
      `SELECT ${headingColumns} FROM ${schema}.parked
        WHERE reader = $1 AND (source, position) > ($2::text, $3::bigint) ORDER BY source, position LIMIT $4`,
      [name, after.source, after.position, first],
    );
    return rows.map((row) => ({ ...row, position: toPosition(row.position) }));
  }

  /** How many there are, of one stream or of all, from the beginning or after one of them. */
  async count(
    streamId?: string,
    after: Pick<ParkedEvent, 'source' | 'position'> = beforeAll,
  ): Promise<number> {
    const { schema, name } = this.place;
    const { rows } = await this.pool.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM ${schema}.parked
        WHERE reader = $1 AND (source, position) > ($3::text, $4::bigint) AND ($2::uuid IS NULL OR stream_id = $2)`,
      [name, streamId ?? null, after.source, after.position],
    );
    return rows[0]!.count;
  }

  /** Applies what is parked of a stream, in its order, up to the first event that still fails. */
  async retry(streamId: string, by: string): Promise<ParkedOutcome> {
    const [first] = await this.list(1, undefined, streamId);
    if (!first) return gone;
    const { source } = first;
    return this.ask({ action: 'retry', source, streamId, position: null, reason: null, by });
  }

  /**
   * The same for every stream of which something is parked, all asked for at once, unless that was done already: the
   * reader looks for requests twice a second and then carries out all that wait. Given up when it has neither answered
   * one nor applied anything for as long as one may take.
   */
  async retryAll(by: string): Promise<ParkedSweep> {
    const { schema, name } = this.place;
    const { rows } = await this.pool.query<{ id: string }>(
      `WITH open AS (
         SELECT id, source, stream_id FROM ${schema}.parked_request
          WHERE reader = $1 AND action = 'retry' AND done_at IS NULL),
       asked AS (
         INSERT INTO ${schema}.parked_request (id, reader, source, stream_id, action, requested_by)
         SELECT gen_random_uuid(), reader, source, stream_id, 'retry', $2 FROM ${schema}.parked
          WHERE reader = $1 AND (source, stream_id) NOT IN (SELECT source, stream_id FROM open)
          GROUP BY reader, source, stream_id RETURNING id)
       SELECT id FROM open UNION ALL SELECT id FROM asked`,
      [name, by],
    );
    const ids = rows.map(({ id }) => id);
    let swept = await this.answersTo(ids);
    let deadline = performance.now() + this.patienceMs;
    while (swept.streams.pending > 0 && performance.now() < deadline) {
      await pause(LOOK_AGAIN_MS);
      const now = await this.answersTo(ids);
      const gotOn = now.streams.pending < swept.streams.pending || now.applied > swept.applied;
      if (gotOn) deadline = performance.now() + this.patienceMs;
      swept = now;
    }
    return { ...swept, remaining: await this.count() };
  }

  /**
   * Leaves out the event that its stream is parked for, for good, and applies the rest. What was dropped stays on
   * record, with the reason and who it was.
   */
  async drop(
    { source, position }: { readonly source: string; readonly position: number },
    reason: string,
    by: string,
  ): Promise<ParkedOutcome> {
    const { schema, name } = this.place;
    const { rows } = await this.pool.query<{ streamId: string }>(
      `SELECT stream_id AS "streamId" FROM ${schema}.parked
        WHERE reader = $1 AND source = $2 AND position = $3 AND why = 'failed'`,
      [name, source, position],
    );
    if (!rows[0]) return gone;
    return this.ask({ action: 'drop', source, streamId: rows[0].streamId, position, reason, by });
  }

  private async ask({
    action,
    source,
    streamId,
    position,
    reason,
    by,
  }: ParkedRequest): Promise<ParkedOutcome> {
    const { schema, name } = this.place;
    const id = randomUUID();
    await this.pool.query(
      `INSERT INTO ${schema}.parked_request (id, reader, source, stream_id, action, position, reason, requested_by)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [id, name, source, streamId, action, position, reason, by],
    );
    const deadline = performance.now() + this.patienceMs;
    for (;;) {
      const answer = await this.answerTo(id);
      if (answer.state !== 'pending' || performance.now() > deadline) {
        const [remaining, [next]] = await Promise.all([
          this.count(streamId),
          this.list(1, undefined, streamId),
        ]);
        return { ...answer, remaining, next };
      }
      await pause(LOOK_AGAIN_MS);
    }
  }

  private async answerTo(id: string): Promise<Pick<ParkedOutcome, 'state' | 'applied'>> {
    const { rows } = await this.pool.query<Pick<ParkedOutcome, 'state' | 'applied'>>(
      `SELECT coalesce(outcome, 'pending') AS state, coalesce(applied, 0) AS applied
         FROM ${this.place.schema}.parked_request WHERE id = $1`,
      [id],
    );
    return rows[0] ?? { state: 'pending', applied: 0 };
  }

  private async answersTo(ids: readonly string[]): Promise<Omit<ParkedSweep, 'remaining'>> {
    const { rows } = await this.pool.query<{ state: ParkedOutcome['state']; count: number; applied: number }>(
      `SELECT coalesce(outcome, 'pending') AS state, count(*)::int AS count, coalesce(sum(applied), 0)::int AS applied
         FROM ${this.place.schema}.parked_request WHERE id = ANY ($1) GROUP BY 1`,
      [ids],
    );
    const streams = { done: 0, failing: 0, gone: 0, pending: 0 };
    for (const { state, count } of rows) streams[state] = count;
    return { streams, applied: rows.reduce((sum, { applied }) => sum + applied, 0) };
  }
}
