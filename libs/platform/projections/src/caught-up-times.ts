import type { CaughtUp } from '@loa/transport';
import type pg from 'pg';

interface Noted extends Omit<CaughtUp, 'agoMs'> {
  /** On the clock of `performance.now()`, which never jumps. */
  readonly at: number;
}

const EVERY_MS = 900;

const keyOf = ({ source, partition }: Noted) => `${source}/${partition}`;

/**
 * Up to when a reader has everything that was recorded, per partition. Noted at every look and written about once a
 * second, because idle readers look ten times a second. Written as so-and-so long before now, so that only the clock
 * of the database counts.
 */
export class CaughtUpTimes {
  private noted = new Map<string, Noted>();
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

  /** Writes what was noted since the last time, unless that was a moment ago. */
  async write(): Promise<void> {
    const noted = [...this.noted.values()];
    const early = performance.now() - this.writtenAt < EVERY_MS;
    // One that was never written does not wait.
    if (early && noted.every((one) => this.there.has(keyOf(one)))) return;
    this.noted = new Map();
    this.writtenAt = performance.now();
    await this.makeRows(noted.filter((one) => !this.there.has(keyOf(one))));
    const now = performance.now();
    const times = noted.map(({ at, ...place }) => ({ ...place, ago: now - at }));
    const { schema, name } = this.reader;
    // A row that is locked belongs to a batch under way, and is left alone: nobody waits, neither here nor there.
    await this.pool.query(
      `WITH noted AS (SELECT * FROM json_to_recordset($2) AS n (source text, partition int, ago float8)),
       free AS (
         SELECT c.source, c.partition FROM ${schema}.checkpoint c
          WHERE c.reader = $1 AND (c.source, c.partition) IN (SELECT source, partition FROM noted)
          FOR UPDATE SKIP LOCKED)
       UPDATE ${schema}.checkpoint c SET caught_up_at = now() - noted.ago * interval '1 millisecond'
         FROM noted JOIN free USING (source, partition)
        WHERE c.reader = $1 AND c.source = noted.source AND c.partition = noted.partition
          -- One that lies ahead was written before the clock of the database was set back.
          AND (coalesce(c.caught_up_at, '-infinity') < now() - noted.ago * interval '1 millisecond'
               OR c.caught_up_at > now())`,
      [name, JSON.stringify(times)],
    );
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
