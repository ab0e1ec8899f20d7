import type { CaughtUp } from '@loa/transport';
import type pg from 'pg';
import { inTransaction } from './transaction.js';

interface Noted extends Omit<CaughtUp, 'agoMs'> {
  /** On the clock of `performance.now()`, which never jumps. */
  readonly at: number;
}

const EVERY_MS = 900;
/** So long what was noted may find its row locked; then it waits for the lock, before anybody calls the rows stale. */
const PATIENCE_MS = 3_000;
/** Longer than a batch takes. Whoever holds it for longer is frozen, and others have to be written meanwhile. */
const LOCKED_MS = 1_000;
const LOCK_NOT_AVAILABLE = '55P03';

const keyOf = ({ source, partition }: Omit<CaughtUp, 'agoMs'>) => `${source}/${partition}`;

/**
 * Up to when a reader has everything that was recorded, per partition. Noted at every look and written about once a
 * second, because idle readers look ten times a second. Written as so-and-so long before now, so that only the clock
 * of the database counts.
 */
export class CaughtUpTimes {
  /** What is still to be written; a later look replaces an earlier one. */
  private readonly noted = new Map<string, Noted>();
  /** Since when what was noted of a partition could not be written because its row is locked. */
  private readonly heldUp = new Map<string, number>();
  private readonly there = new Set<string>();
  private writtenAt = -Infinity;

  constructor(
    private readonly pool: pg.Pool,
    private readonly reader: { readonly name: string; readonly schema: string },
  ) {}

  note({ source, partition, agoMs }: CaughtUp): void {
    const noted = { source, partition, at: performance.now() - agoMs };
    this.noted.set(keyOf(noted), noted);
  }

  /** Writes what was noted since the last time, unless that was a moment ago. What cannot be written now stays noted. */
  async write(): Promise<void> {
    const noted = [...this.noted.values()];
    const early = performance.now() - this.writtenAt < EVERY_MS;
    // One that was never written does not wait.
    if (early && noted.every((one) => this.there.has(keyOf(one)))) return;
    this.writtenAt = performance.now();
    await this.makeRows(noted.filter((one) => !this.there.has(keyOf(one))));
    await this.writeThose(this.pool, noted, 'unlocked');
    const now = performance.now();
    const late = noted.filter((one) => now - (this.heldUp.get(keyOf(one)) ?? now) > PATIENCE_MS);
    for (const one of late) await this.insist(one);
  }

  /** One by one: whoever waits for a row must not hold others meanwhile. */
  private async insist(one: Noted): Promise<void> {
    const begin = `BEGIN; SET LOCAL lock_timeout = ${LOCKED_MS}`;
    const written = inTransaction(this.pool, begin, (client) => this.writeThose(client, [one], 'all'));
    await written.catch((error: unknown) => {
      if ((error as { code?: unknown }).code !== LOCK_NOT_AVAILABLE) throw error;
    });
  }

  /**
   * @param which `unlocked`: a row that is locked belongs to a batch under way, and is left alone, so that nobody waits,
   * neither here nor there; `all`: waits for them
   */
  private async writeThose(
    database: pg.Pool | pg.PoolClient,
    noted: readonly Noted[],
    which: 'unlocked' | 'all',
  ): Promise<void> {
    // Asked first: what passes until the statement below arrives would be taken for seen.
    const clock = await database.query<{ now: string }>('SELECT clock_timestamp()::text AS now');
    const now = performance.now();
    const times = noted.map(({ at, ...place }) => ({ ...place, ago: now - at }));
    const { schema, name } = this.reader;
    const { rows } = await database.query<Omit<CaughtUp, 'agoMs'>>(
      `WITH noted AS (SELECT * FROM json_to_recordset($2) AS n (source text, partition int, ago float8)),
       free AS (
         SELECT c.source, c.partition FROM ${schema}.checkpoint c
          WHERE c.reader = $1 AND (c.source, c.partition) IN (SELECT source, partition FROM noted)
          FOR UPDATE ${which === 'unlocked' ? 'SKIP LOCKED' : ''}),
       written AS (
         UPDATE ${schema}.checkpoint c SET caught_up_at = $3::timestamptz - noted.ago * interval '1 millisecond'
           FROM noted JOIN free USING (source, partition)
          WHERE c.reader = $1 AND c.source = noted.source AND c.partition = noted.partition
            -- One that lies ahead was written before the clock of the database was set back.
            AND (coalesce(c.caught_up_at, '-infinity') < $3::timestamptz - noted.ago * interval '1 millisecond'
                 OR c.caught_up_at > clock_timestamp()))
       SELECT source, partition FROM free`,
      [name, JSON.stringify(times), clock.rows[0]!.now],
    );
    const written = new Set(rows.map(keyOf));
    for (const one of noted) this.settle(one, written.has(keyOf(one)), now);
  }

  private settle(one: Noted, written: boolean, now: number): void {
    const key = keyOf(one);
    if (!written) {
      if (!this.heldUp.has(key)) this.heldUp.set(key, now);
      return;
    }
    this.heldUp.delete(key);
    if (this.noted.get(key) === one) this.noted.delete(key);
  }

  /** A partition that never held an event is caught up too, and needs a row to say so. */
  private async makeRows(noted: readonly Noted[]): Promise<void> {
    if (noted.length === 0) return;
    const { schema, name } = this.reader;
    await this.pool.query(
      `INSERT INTO ${schema}.checkpoint (reader, source, partition, position, "offset")
       SELECT $1, source, partition, 0, -1 FROM json_to_recordset($2) AS n (source text, partition int)
       ON CONFLICT DO NOTHING`,
      [name, JSON.stringify(noted)],
    );
    for (const one of noted) this.there.add(keyOf(one));
  }
}
