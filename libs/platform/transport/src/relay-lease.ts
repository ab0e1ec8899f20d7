import { toPosition } from '@loa/database';
import pg from 'pg';
import { within } from './backoff.js';
import type { Term } from './relay-batch.js';
import { RelayRefusal } from './relay-batch.js';

export interface LeaseTimes {
  /** A leader that does not renew its lease for so long has lost it. By the clock of the database. */
  readonly leaseMs: number;
  /** A leader that does no work for so long does not renew it: something hangs that should have failed. */
  readonly hangsAfterMs: number;
}

/** A frozen leader costs 10 s. The longest work is a send to brokers that are away, which gives up after two minutes. */
export const leaseTimes: LeaseTimes = { leaseMs: 10_000, hangsAfterMs: 180_000 };

/** A lease that ends later than so many of them was given before the clock of the database was set back. */
const SET_BACK = 10;

/** Somebody else publishes this log now, or may. */
export class LeadershipLost extends Error {}

interface Row {
  position: string;
  epoch: string;
  tails: string[];
  restored: string[];
}

/**
 * The right to publish one log: a row that names the session of its leader and an instant up to which nobody else may
 * lead. Another may when that session has ended, however it did, or when the instant has passed, because the leader is
 * frozen or hangs. Only the clock of the database is asked, and when that is set back a lease does not last for longer. Each term has an epoch, which the checkpoint names, so that
 * one who only believes to be the leader writes nothing.
 */
export class RelayLease {
  private readonly ended = new AbortController();
  private epochOf = 0;
  private workedAt = 0;
  private renewing: NodeJS.Timeout | undefined;
  private asked: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly client: pg.Client,
    private readonly name: string,
    private readonly times: LeaseTimes,
  ) {
    const gone = (error?: Error) =>
      this.lose(new LeadershipLost('the session of the relay is gone', { cause: error }));
    client.on('error', gone);
    client.on('end', () => gone());
  }

  /**
   * @param connectionString to the log's database, directly: behind a pooler the session that the row names is not ours
   * @param name row in es.relay
   */
  static async connect(connectionString: string, name: string, times = leaseTimes): Promise<RelayLease> {
    const client = new pg.Client({
      connectionString,
      application_name: `relay ${name}`,
      connectionTimeoutMillis: 5_000,
      query_timeout: 10_000,
      statement_timeout: 10_000,
      keepAlive: true,
    });
    const lease = new RelayLease(client, name, times);
    await client.connect();
    return lease;
  }

  /** Aborted when this one must not publish any more. */
  get lost(): AbortSignal {
    return this.ended.signal;
  }

  /**
   * Begins a term, and says where to go on. Every checkpoint of an older epoch fails from here on. The lease is renewed
   * until this one is closed or says no more that it works.
   * @returns undefined while another leads
   * @throws RelayRefusal when the log was published to another number of partitions before
   */
  async tryToLead(partitions: number): Promise<Term | undefined> {
    const { rows } = await this.ask<Row>(
      `INSERT INTO es.relay AS r (name, epoch, tails, leader_pid, lease_until)
       VALUES ($1, 1, array_fill(0::bigint, ARRAY[$2::int]), pg_backend_pid(), ${until('$3')})
       ON CONFLICT (name) DO UPDATE SET
         epoch = r.epoch + 1, leader_pid = pg_backend_pid(), lease_until = ${until('$3')},
         tails = CASE WHEN r.position = 0 THEN excluded.tails ELSE r.tails END
       WHERE r.lease_until < clock_timestamp()
          OR r.lease_until > ${until(`${SET_BACK} * $3`)}
          OR NOT EXISTS (SELECT FROM pg_stat_activity a WHERE a.pid = r.leader_pid)
       RETURNING position, epoch, tails::text[], restored::text[]`,
      [this.name, partitions, this.times.leaseMs],
    );
    const row = rows[0];
    if (!row) return undefined;
    // A checkpoint that a crash of PostgreSQL takes back only means repeats, which readers drop: not worth a flush each.
    await this.ask('SET synchronous_commit = off');
    this.epochOf = toPosition(row.epoch);
    this.renewing = setInterval(() => void this.renew(), this.times.leaseMs / 4);
    this.works();
    const tails = row.tails.map(toPosition);
    if (tails.length !== partitions) throw otherPartitions(this.name, tails.length, partitions);
    const restored = row.restored.map(toPosition);
    return { position: toPosition(row.position), tails, epoch: this.epochOf, restored };
  }

  /** Nothing hangs: to be said whenever a step is done. */
  works(): void {
    this.workedAt = performance.now();
  }

  /** @throws LeadershipLost */
  async checkpoint({ position, tails }: Pick<Term, 'position' | 'tails'>): Promise<void> {
    const { rowCount } = await this.ask({
      name: 'relay.checkpoint',
      text: `UPDATE es.relay SET position = $3, tails = $4::bigint[], lease_until = ${until('$5')}
              WHERE name = $1 AND epoch = $2`,
      values: [this.name, this.epochOf, position, tails, this.times.leaseMs],
    });
    if (rowCount !== 1) throw this.superseded();
    this.works();
  }

  /** Keeps for operators why nothing is published, as `<reason>: <message>`; null: there is no such reason. */
  async note(refusal: RelayRefusal | null): Promise<void> {
    await this.ask(
      'UPDATE es.relay SET refusal = $3 WHERE name = $1 AND epoch = $2 AND refusal IS DISTINCT FROM $3',
      [this.name, this.epochOf, refusal && `${refusal.reason}: ${refusal.message}`],
    );
  }

  /** Restores that the topic tells of and this log knows nothing of: the next one that is declared comes after them. */
  async learn(restored: readonly number[]): Promise<void> {
    await this.ask('UPDATE es.relay SET restored = $3::bigint[] WHERE name = $1 AND epoch = $2', [
      this.name,
      this.epochOf,
      restored,
    ]);
  }

  /** Ends the term with the session. */
  async close(): Promise<void> {
    clearInterval(this.renewing);
    await within(2_000, this.client.end());
  }

  private async renew(): Promise<void> {
    const idle = performance.now() - this.workedAt;
    if (idle > this.times.hangsAfterMs) {
      const since = `for ${Math.round(idle / 1_000)} s`;
      return this.lose(new LeadershipLost(`the relay of ${this.name} has got nothing done ${since}`));
    }
    try {
      const { rowCount } = await this.ask(
        `UPDATE es.relay SET lease_until = ${until('$3')} WHERE name = $1 AND epoch = $2`,
        [this.name, this.epochOf, this.times.leaseMs],
      );
      if (rowCount !== 1) this.lose(this.superseded());
    } catch (error) {
      this.lose(new LeadershipLost('the lease could not be renewed', { cause: error }));
    }
  }

  /** One question after the other: the renewal comes while a checkpoint is under way. */
  private ask<Found extends pg.QueryResultRow>(
    query: string | pg.QueryConfig,
    values?: unknown[],
  ): Promise<pg.QueryResult<Found>> {
    const answer = this.asked.then(() => this.client.query<Found>(query, values));
    this.asked = answer.catch(() => undefined);
    return answer;
  }

  private lose(why: LeadershipLost): void {
    clearInterval(this.renewing);
    this.ended.abort(why);
  }

  private superseded(): LeadershipLost {
    return new LeadershipLost(`epoch ${this.epochOf} of ${this.name} is over: another relay has taken over`);
  }
}

/** @param ms a parameter */
const until = (ms: string): string => `clock_timestamp() + ${ms} * interval '1 millisecond'`;

function otherPartitions(name: string, before: number, now: number): RelayRefusal {
  return new RelayRefusal(
    'wrong-partition-count',
    `${name} was published to ${before} partitions and is now set to ${now}. The partition of a ` +
      'stream is computed from their number: keep it, or publish to a new topic from the beginning of the log.',
  );
}
