import { toPosition } from '@loa/database';
import pg from 'pg';
import { within } from './backoff.js';
import type { Progress } from './relay-batch.js';
import { RelayRefusal } from './relay-batch.js';

/** An idle leader asks so often whether it still is one. */
const CONFIRM_MS = 2_000;

/** Somebody else publishes this log now, or the session that held the lock is gone. */
export class LeadershipLost extends Error {}

interface Row {
  position: string;
  epoch: string;
  tails: string[];
}

/**
 * The right to publish one log: an advisory lock on a database session of its own. PostgreSQL gives the lock back when
 * the session ends, however it ends, and no clock is asked. The checkpoint is written through the same session and
 * names the epoch, so that one who only believes to be the leader writes nothing.
 */
export class RelayLease {
  private readonly ended = new AbortController();
  private epochOf = 0;
  private confirmedAt = 0;

  private constructor(
    private readonly client: pg.Client,
    private readonly name: string,
  ) {
    const lose = (error?: Error) =>
      this.ended.abort(new LeadershipLost('the session of the relay is gone', { cause: error }));
    client.on('error', lose);
    client.on('end', () => lose());
  }

  /**
   * @param connectionString to the log's database, directly: behind a pooler that lends sessions by transaction the lock would mean nothing
   * @param name row in es.relay
   */
  static async connect(connectionString: string, name: string): Promise<RelayLease> {
    const client = new pg.Client({
      connectionString,
      application_name: `relay ${name}`,
      connectionTimeoutMillis: 5_000,
      query_timeout: 10_000,
      statement_timeout: 10_000,
      keepAlive: true,
    });
    const lease = new RelayLease(client, name);
    await client.connect();
    return lease;
  }

  /** Aborted when the session is gone. */
  get lost(): AbortSignal {
    return this.ended.signal;
  }

  get epoch(): number {
    return this.epochOf;
  }

  /** True when this one may publish from now on; false while another does. */
  async tryToLead(): Promise<boolean> {
    const { rows } = await this.client.query<{ won: boolean }>(
      `SELECT pg_try_advisory_lock(hashtext('loa.relay'), hashtext($1)) AS won`,
      [this.name],
    );
    return rows[0]!.won;
  }

  /**
   * Opens a new epoch and says where to go on. Every checkpoint of an older epoch fails from here on.
   * @throws RelayRefusal when the log was published to another number of partitions before
   */
  async takeOver(partitions: number): Promise<Progress> {
    const { rows } = await this.client.query<Row>(
      `INSERT INTO es.relay AS r (name, epoch, tails) VALUES ($1, 1, array_fill(0::bigint, ARRAY[$2::int]))
       ON CONFLICT (name) DO UPDATE SET
         epoch = r.epoch + 1, tails = CASE WHEN r.position = 0 THEN excluded.tails ELSE r.tails END
       RETURNING position, epoch, tails::text[]`,
      [this.name, partitions],
    );
    // A checkpoint that a crash of PostgreSQL takes back only means repeats, which readers drop: not worth a flush each.
    await this.client.query('SET synchronous_commit = off');
    const { position, epoch, tails } = rows[0]!;
    if (tails.length !== partitions) {
      throw new RelayRefusal(
        'wrong-partition-count',
        `${this.name} was published to ${tails.length} partitions and is now set to ${partitions}. The partition of a ` +
          'stream is computed from their number: keep it, or publish to a new topic from the beginning of the log.',
      );
    }
    this.epochOf = toPosition(epoch);
    return { position: toPosition(position), tails: tails.map(toPosition) };
  }

  /** @throws LeadershipLost */
  async checkpoint({ position, tails }: Progress): Promise<void> {
    const { rowCount } = await this.client.query({
      name: 'relay.checkpoint',
      text: 'UPDATE es.relay SET position = $3, tails = $4::bigint[] WHERE name = $1 AND epoch = $2',
      values: [this.name, this.epochOf, position, tails],
    });
    if (rowCount !== 1) throw this.superseded();
    this.confirmedAt = Date.now();
  }

  /** Asks now and then without publishing, so that an idle leader notices too. @throws LeadershipLost */
  async confirm(): Promise<void> {
    if (Date.now() - this.confirmedAt < CONFIRM_MS) return;
    const { rowCount } = await this.client.query('SELECT 1 FROM es.relay WHERE name = $1 AND epoch = $2', [
      this.name,
      this.epochOf,
    ]);
    if (rowCount !== 1) throw this.superseded();
    this.confirmedAt = Date.now();
  }

  /** Gives the lock back with the session. */
  async close(): Promise<void> {
    await within(2_000, this.client.end());
  }

  private superseded(): LeadershipLost {
    return new LeadershipLost(`epoch ${this.epochOf} of ${this.name} is over: another relay has taken over`);
  }
}
