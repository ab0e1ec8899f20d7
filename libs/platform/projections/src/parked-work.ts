import { toPosition } from '@loa/database';
import type { DeliveredEvent } from '@loa/transport';
import type pg from 'pg';
import {
  parkedOf,
  type ParkedEvent,
  type ParkedOutcome,
  type ParkedPlace,
  type ParkedRequest,
} from './parked-events.js';
import { BEGIN } from './prepared.js';
import type { Refusal } from './refusal.js';
import { attempt } from './sift.js';
import { inTransaction } from './transaction.js';

/** What the work needs of the projector whose events are parked. */
export interface ParkedHands {
  /** No batch of the partition is taken in before the transaction ends. */
  lock(client: pg.PoolClient, source: string, partition: number): Promise<void>;
  apply(client: pg.PoolClient, events: readonly DeliveredEvent[]): Promise<void>;
}

interface Request extends ParkedRequest {
  readonly id: string;
  /** An earlier transaction has carried out a part of it. */
  readonly begun: boolean;
}

interface Done {
  readonly state: ParkedOutcome['state'];
  readonly applied: number;
  readonly dropped: number;
}

const nothing: Done = { state: 'gone', applied: 0, dropped: 0 };

/**
 * Events that one transaction deals with, as many as a carrier hands over at once, or fewer that are large: it holds the
 * checkpoint, and the reader of the partition stands still for as long. What arrives between two of them is parked
 * behind the rest.
 */
export const MOST_AT_ONCE = 1_000;

/** Carries out what operators have asked for, in the process of the reader. */
export class ParkedWork {
  constructor(
    private readonly pool: pg.Pool,
    private readonly place: ParkedPlace,
    private readonly counted: { retried: number; dropped: number },
    private readonly hands: ParkedHands,
  ) {}

  /**
   * Carries out every request that waits. One that cannot be carried out for now waits on, and does not hold up others;
   * nor does one of a stream with many events, of which each transaction applies some.
   * @param goesOn asked before each transaction: there may be thousands
   * @returns whether it was told to stop, so that more may wait
   * @throws AggregateError of what went wrong, after all others were carried out
   */
  async carryOut(goesOn = () => true): Promise<boolean> {
    const passedOver = new Map<string, unknown>();
    let more = true;
    while (more && goesOn()) more = await this.next(passedOver);
    if (passedOver.size > 0)
      throw new AggregateError(
        passedOver.values(),
        `${passedOver.size} of what operators asked for cannot be carried out for now`,
      );
    return more;
  }

  private async next(passedOver: Map<string, unknown>): Promise<boolean> {
    let taken: Request | undefined;
    // However many events: they are of one stream, and so about few rows.
    const work = inTransaction(this.pool, BEGIN, async (client) => {
      const request = (taken = await this.take(client, [...passedOver.keys()]));
      if (!request) return undefined;
      const outcome = await this.serve(client, request);
      await this.write(client, request, outcome);
      return outcome;
    });
    const done = await work.catch((error: unknown) => {
      if (!taken) throw error;
      passedOver.set(taken.id, error);
      return nothing;
    });
    this.counted.retried += done?.applied ?? 0;
    this.counted.dropped += done?.dropped ?? 0;
    return done !== undefined;
  }

  private async take(client: pg.PoolClient, passedOver: readonly string[]): Promise<Request | undefined> {
    const { rows } = await client.query<Omit<Request, 'position'> & { position: string | null }>(
      `SELECT id, action, source, stream_id AS "streamId", position, reason, requested_by AS by,
              applied IS NOT NULL AS begun
         FROM ${this.place.schema}.parked_request WHERE reader = $1 AND done_at IS NULL AND id <> ALL ($2)
        ORDER BY begun, requested_at, id LIMIT 1 FOR UPDATE SKIP LOCKED`,
      [this.place.name, passedOver],
    );
    const row = rows[0];
    return row && { ...row, position: row.position === null ? null : toPosition(row.position) };
  }

  /**
   * What is left of a drop is a retry: who dropped what, and why, is on record by then. A release that knows nothing of
   * requests in parts would look for the event in vain, and take the request for done.
   */
  private async write(client: pg.PoolClient, { id }: Request, { state, applied }: Done): Promise<void> {
    const became =
      state === 'pending'
        ? `action = 'retry', position = NULL, reason = NULL`
        : `done_at = now(), outcome = '${state}'`;
    await client.query(
      `UPDATE ${this.place.schema}.parked_request SET applied = coalesce(applied, 0) + $2, ${became} WHERE id = $1`,
      [id, applied],
    );
  }

  private async serve(client: pg.PoolClient, request: Request): Promise<Done> {
    const [known] = await parkedOf(client, this.place, request, 1);
    if (!known) return request.begun ? { ...nothing, state: 'done' } : nothing;
    await this.hands.lock(client, request.source, known.partition);
    const events = await parkedOf(client, this.place, request, MOST_AT_ONCE);
    const [first, ...rest] = events;
    const drops = request.action === 'drop';
    if (drops) {
      if (first?.position !== request.position) return nothing;
      await this.drop(client, first, request);
    }
    const waiting = drops ? rest : events;
    const applied = await this.upToFailure(client, waiting);
    const dropped = drops ? 1 : 0;
    if (applied < waiting.length) return { state: 'failing', applied, dropped };
    const [more] = await parkedOf(client, this.place, request, 1);
    return { state: more ? 'pending' : 'done', applied, dropped };
  }

  private async drop(client: pg.PoolClient, event: ParkedEvent, { reason, by }: Request): Promise<void> {
    const { schema, name } = this.place;
    const kept = `reader, source, position, partition, stream_id, version, event_id, type, schema_version, data, meta,
      recorded_at, error, attempts, parked_at`;
    await client.query(
      `INSERT INTO ${schema}.dropped (${kept}, reason, dropped_by)
       SELECT ${kept}, $4, $5 FROM ${schema}.parked WHERE reader = $1 AND source = $2 AND position = $3
       ON CONFLICT DO NOTHING`,
      [name, event.source, event.position, reason, by],
    );
    await this.remove(client, [event]);
  }

  /**
   * What can be applied is applied and no longer parked, up to the first event that fails. @returns how many were applied
   *
   * The one that has failed is tried alone: of a row that events after it change again, PostgreSQL is only shown the end.
   */
  private async upToFailure(client: pg.PoolClient, events: readonly ParkedEvent[]): Promise<number> {
    const [first, ...rest] = events;
    if (first?.why !== 'failed') return this.replay(client, events);
    if ((await this.replay(client, [first])) === 0) return 0;
    return 1 + (await this.replay(client, rest));
  }

  /** All at once; the one at fault is found by halving. */
  private async replay(client: pg.PoolClient, events: readonly ParkedEvent[]): Promise<number> {
    const [first] = events;
    if (!first) return 0;
    const refusal = await attempt(client, () => this.hands.apply(client, events.map(delivered)));
    if (!refusal) {
      await this.remove(client, events);
      return events.length;
    }
    if (events.length === 1) {
      await this.note(client, first, refusal);
      return 0;
    }
    const half = Math.ceil(events.length / 2);
    const applied = await this.replay(client, events.slice(0, half));
    return applied < half ? applied : half + (await this.replay(client, events.slice(half)));
  }

  private async note(
    client: pg.PoolClient,
    { source, position }: ParkedEvent,
    { words }: Refusal,
  ): Promise<void> {
    await client.query(
      `UPDATE ${this.place.schema}.parked SET why = 'failed', error = $4, attempts = attempts + 1
        WHERE reader = $1 AND source = $2 AND position = $3`,
      [this.place.name, source, position, words],
    );
  }

  /** @param events of one source */
  private async remove(client: pg.PoolClient, events: readonly ParkedEvent[]): Promise<void> {
    await client.query(
      `DELETE FROM ${this.place.schema}.parked WHERE reader = $1 AND source = $2 AND position = ANY ($3::bigint[])`,
      [this.place.name, events[0]!.source, events.map(({ position }) => position)],
    );
  }
}

const delivered = (event: ParkedEvent): DeliveredEvent => ({
  ...event,
  previous: event.position - 1,
  offset: event.position,
});
