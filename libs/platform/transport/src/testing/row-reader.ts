import { openPool, runtimeRole, toPosition } from '@loa/database';
import { wholeLog } from '@loa/event-store';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import type pg from 'pg';
import type { CaughtUp, Checkpoint, DeliveredBatch, DeliveredEvent, Subscriber } from '../event-transport.js';
import type { TestSource } from './test-source.js';

export class ReaderTables1700000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE seen (
        reader text, source text, position bigint, partition int, stream_id uuid, version int, data json, meta json,
        recorded_at text, arrived bigserial,
        PRIMARY KEY (reader, source, position));
      CREATE TABLE checkpoint (
        reader text, source text, partition int, position bigint, "offset" bigint,
        PRIMARY KEY (reader, source, partition));`);
    const role = await runtimeRole(runner);
    await runner.query(`GRANT SELECT, INSERT, UPDATE ON seen, checkpoint TO ${role}`);
    await runner.query(`GRANT USAGE ON SEQUENCE seen_arrived_seq TO ${role}`);
  }

  async down(): Promise<void> {
    throw new Error('thrown away with its database');
  }
}

export const openReaderPool = (connectionString: string): pg.Pool =>
  openPool({ connectionString, applicationName: 'reader', max: 12 });

/** A reader as they should be: rows and checkpoint commit together, repeats are dropped, a gap is never passed. */
export class RowReader implements Subscriber {
  /** Events handed in, repeats included. */
  delivered = 0;
  /** Broken promises of the transport; a test expects none. */
  readonly faults: string[] = [];
  /** The partitions that were caught up with, as `<source>/<partition>`. */
  readonly caughtUpWith = new Set<string>();
  /** Called before the commit; may throw. */
  beforeCommit: (batch: DeliveredBatch) => void = () => undefined;

  constructor(
    private readonly pool: pg.Pool,
    readonly name: string,
    readonly sources: readonly string[],
  ) {}

  async checkpoints(): Promise<Checkpoint[]> {
    const { rows } = await this.pool.query<{
      source: string;
      partition: number;
      position: string;
      offset: string;
      recordedAt: string | null;
    }>(
      `SELECT c.source, c.partition, c.position, c."offset", s.recorded_at AS "recordedAt"
         FROM checkpoint c LEFT JOIN seen s USING (reader, source, position) WHERE reader = $1`,
      [this.name],
    );
    return rows.map((row) => ({
      ...row,
      position: toPosition(row.position),
      offset: toPosition(row.offset),
      recordedAt: row.recordedAt ?? undefined,
    }));
  }

  caughtUp({ source, partition, agoMs }: CaughtUp): void {
    if (agoMs < 0) this.faults.push(`${source}/${partition} will be caught up with in ${-agoMs} ms`);
    this.caughtUpWith.add(batchName(source, partition));
  }

  async handle(batch: DeliveredBatch): Promise<void> {
    this.delivered += batch.events.length;
    const client = await this.pool.connect();
    try {
      await client.query('BEGIN');
      await this.apply(client, batch);
      this.beforeCommit(batch);
      await client.query('COMMIT');
    } catch (error) {
      await client.query('ROLLBACK').catch(() => undefined);
      throw error;
    } finally {
      client.release();
    }
  }

  private async apply(client: pg.PoolClient, { source, partition, events }: DeliveredBatch): Promise<void> {
    const key = [this.name, source, partition];
    await client.query('INSERT INTO checkpoint VALUES ($1, $2, $3, 0, -1) ON CONFLICT DO NOTHING', key);
    const { rows } = await client.query<{ position: string }>(
      'SELECT position FROM checkpoint WHERE reader = $1 AND source = $2 AND partition = $3 FOR UPDATE',
      key,
    );
    const fresh = this.unbroken(batchName(source, partition), toPosition(rows[0]!.position), events);
    if (fresh.length === 0) return;
    await client.query(
      `INSERT INTO seen (reader, source, partition, position, stream_id, version, data, meta, recorded_at)
       SELECT $1, $2, $3, * FROM unnest($4::bigint[], $5::uuid[], $6::int[], $7::json[], $8::json[], $9::text[])`,
      [
        ...key,
        fresh.map(({ position }) => position),
        fresh.map(({ streamId }) => streamId),
        fresh.map(({ version }) => version),
        fresh.map(({ data }) => data),
        fresh.map(({ meta }) => meta),
        fresh.map(({ recordedAt }) => recordedAt),
      ],
    );
    const last = fresh.at(-1)!;
    await client.query(
      'UPDATE checkpoint SET position = $4, "offset" = $5 WHERE reader = $1 AND source = $2 AND partition = $3',
      [...key, last.position, last.offset],
    );
  }

  /** Only what is new, and only if each event names the one before it. */
  private unbroken(where: string, from: number, events: readonly DeliveredEvent[]): DeliveredEvent[] {
    let at = from;
    const fresh = events.filter(({ position }) => position > from);
    for (const { position, previous } of fresh) {
      if (previous !== at) {
        this.faults.push(`${where}: position ${position} names ${previous} before it, but ${at} was`);
        throw new Error(this.faults.at(-1));
      }
      at = position;
    }
    return fresh;
  }

  async count(source: string): Promise<number> {
    const { rows } = await this.pool.query<{ count: number }>(
      'SELECT count(*)::int FROM seen WHERE reader = $1 AND source = $2',
      [this.name, source],
    );
    return rows[0]!.count;
  }

  /** How what arrived differs from the log: nothing missing, nothing altered, every stream in order. Empty: not at all. */
  async differences({ name, store }: TestSource): Promise<string[]> {
    const { rows } = await this.pool.query<Seen>(
      `SELECT position::int, stream_id AS "streamId", version, data::text, meta::text, recorded_at AS "recordedAt"
         FROM seen WHERE reader = $1 AND source = $2 ORDER BY arrived`,
      [this.name, name],
    );
    const stored = await wholeLog(store);
    const found: string[] =
      rows.length === stored.length ? [] : [`${rows.length} of ${stored.length} events`];
    const versions = new Map<string, number>();
    for (const { streamId, version } of rows) {
      if (version !== (versions.get(streamId) ?? 0) + 1)
        found.push(`stream ${streamId}: ${version} out of turn`);
      versions.set(streamId, version);
    }
    const arrived = new Map(rows.map((row) => [row.position, row]));
    for (const { position, streamId, version, data, meta, recordedAt } of stored) {
      const same = JSON.stringify({ position, streamId, version, data, meta, recordedAt });
      if (JSON.stringify(arrived.get(position)) !== same)
        found.push(`position ${position} is not what was stored`);
    }
    return [...found, ...this.faults].slice(0, 10);
  }
}

interface Seen {
  position: number;
  streamId: string;
  version: number;
  data: string;
  meta: string;
  recordedAt: string;
}

const batchName = (source: string, partition: number) => `${source}/${partition}`;
