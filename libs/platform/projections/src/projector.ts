import { toPosition } from '@loa/database';
import { nameOf, type RecordedEvent } from '@loa/event-sourcing';
import type { Checkpoint, DeliveredBatch, DeliveredEvent, Subscriber } from '@loa/transport';
import type pg from 'pg';
import { changesOf, foldChanges, rowId, type KeyedChange, type PlainRow, type Touched } from './fold.js';
import type { Projection } from './projection.js';
import { tableSql } from './table-sql.js';
import type { ReadTable } from './table.js';
import { inTransaction } from './transaction.js';

export interface ProjectorOptions {
  /** Names the reader; its checkpoints are kept under this name. */
  readonly name: string;
  readonly sources: readonly string[];
  readonly projections: readonly Projection[];
  /** The schema of the read tables and of `checkpoint`. */
  readonly schema: string;
}

/** Events are missing between the checkpoint and what arrived: nothing may be applied past the hole. */
export class MissedEvents extends Error {
  constructor(source: string, partition: number, at: number, previous: number) {
    super(
      `${source}/${partition}: the reader stands at ${at}, but the next event follows ${previous}: events are missing`,
    );
  }
}

/** Keeps read tables up to date: rows, their history and the checkpoint commit in one transaction. */
export class Projector implements Subscriber {
  readonly name: string;
  readonly sources: readonly string[];
  private readonly types: ReadonlySet<string>;

  constructor(
    private readonly pool: pg.Pool,
    private readonly options: ProjectorOptions,
  ) {
    this.name = options.name;
    this.sources = options.sources;
    this.types = new Set(options.projections.flatMap(({ handlers }) => [...handlers.keys()]));
  }

  async checkpoints(): Promise<Checkpoint[]> {
    const { rows } = await this.pool.query<{
      source: string;
      partition: number;
      position: string;
      offset: string;
    }>(
      `SELECT source, partition, position, "offset" FROM ${this.options.schema}.checkpoint WHERE reader = $1`,
      [this.name],
    );
    return rows.map(({ source, partition, position, offset }) => ({
      source,
      partition,
      position: toPosition(position),
      offset: toPosition(offset),
    }));
  }

  handle(batch: DeliveredBatch): Promise<void> {
    return inTransaction(this.pool, 'BEGIN', (client) => this.apply(client, batch));
  }

  private async apply(client: pg.PoolClient, { source, partition, events }: DeliveredBatch): Promise<void> {
    const at = await this.lockCheckpoint(client, source, partition);
    const fresh = freshEvents(at, { source, partition, events });
    if (fresh.length === 0) return;
    const recorded = fresh.filter(({ type }) => this.types.has(type)).map(recordedOf);
    const changes = changesOf(this.options.projections, recorded);
    const touched = foldChanges(changes, await this.readRows(client, changes));
    await this.writeRows(client, touched);
    const last = fresh.at(-1)!;
    await client.query(
      `UPDATE ${this.options.schema}.checkpoint SET position = $4, "offset" = $5, recorded_at = $6, applied_at = now()
        WHERE reader = $1 AND source = $2 AND partition = $3`,
      [this.name, source, partition, last.position, last.offset, last.recordedAt],
    );
  }

  /** The row lock is the fence: a reader that lost the partition but still runs waits here, then sees the newer position. */
  private async lockCheckpoint(client: pg.PoolClient, source: string, partition: number): Promise<number> {
    const key = [this.name, source, partition];
    const table = `${this.options.schema}.checkpoint`;
    const select = `SELECT position FROM ${table} WHERE reader = $1 AND source = $2 AND partition = $3 FOR UPDATE`;
    const found = await client.query<{ position: string }>(select, key);
    if (found.rows[0]) return toPosition(found.rows[0].position);
    await client.query(
      `INSERT INTO ${table} (reader, source, partition, position, "offset") VALUES ($1, $2, $3, 0, -1)
        ON CONFLICT DO NOTHING`,
      key,
    );
    const made = await client.query<{ position: string }>(select, key);
    return toPosition(made.rows[0]!.position);
  }

  private async readRows(
    client: pg.PoolClient,
    changes: readonly KeyedChange[],
  ): Promise<Map<string, PlainRow>> {
    const wanted = new Map<ReadTable, Map<string, PlainRow>>();
    const seen = new Set<string>();
    for (const { change, id } of changes) {
      // Only the first change of a row can need what is stored; later ones start from the change before.
      if (seen.has(id)) continue;
      seen.add(id);
      if (change.blind) continue;
      const keys = wanted.get(change.table) ?? new Map<string, PlainRow>();
      wanted.set(change.table, keys.set(id, change.key));
    }
    const before = new Map<string, PlainRow>();
    for (const [table, keys] of wanted) {
      const { rows } = await client.query<{ row: PlainRow }>(tableSql(this.options.schema, table).read, [
        JSON.stringify([...keys.values()]),
      ]);
      for (const { row } of rows) before.set(rowId(table, row), row);
    }
    return before;
  }

  private async writeRows(client: pg.PoolClient, touched: readonly Touched[]): Promise<void> {
    for (const [table, rows] of byTable(touched)) {
      const sql = tableSql(this.options.schema, table);
      const write = async (text: string, list: readonly PlainRow[]) => {
        if (list.length > 0) await client.query(text, [JSON.stringify(list)]);
      };
      const kept = rows.map(({ versions }) => versions.at(-1)!.row).filter((row) => row !== undefined);
      const gone = rows.filter(({ versions }) => versions.at(-1)!.row === undefined);
      await write(sql.upsert, kept);
      await write(
        sql.remove,
        gone.map(({ key }) => key),
      );
      await write(
        sql.closeHistory,
        rows.map(({ key, versions }) => ({ ...key, recorded_from: versions[0]!.recordedAt })),
      );
      await write(sql.keepHistory, rows.flatMap(historyOf));
    }
  }
}

/**
 * The events that were not applied yet, each once: a carrier may repeat events in a later batch and within one.
 * @param at the position of the checkpoint
 * @throws MissedEvents when one follows an event that is neither applied nor here
 */
function freshEvents(at: number, { source, partition, events }: DeliveredBatch): DeliveredEvent[] {
  const fresh: DeliveredEvent[] = [];
  for (const event of events) {
    const reached = fresh.at(-1)?.position ?? at;
    if (event.position <= reached) continue;
    if (event.previous > reached) throw new MissedEvents(source, partition, reached, event.previous);
    fresh.push(event);
  }
  return fresh;
}

function byTable(touched: readonly Touched[]): Map<ReadTable, Touched[]> {
  const groups = new Map<ReadTable, Touched[]>();
  for (const one of touched) (groups.get(one.table) ?? groups.set(one.table, []).get(one.table)!).push(one);
  return groups;
}

/** Each state lasts until the next one of the batch; the last one is still open. */
const historyOf = ({ versions }: Touched): PlainRow[] =>
  versions.flatMap(({ row, recordedAt }, index) =>
    row
      ? [{ ...row, recorded_from: recordedAt, recorded_to: versions[index + 1]?.recordedAt ?? 'infinity' }]
      : [],
  );

function recordedOf(event: DeliveredEvent): RecordedEvent {
  const meta = JSON.parse(event.meta) as { at?: string };
  return {
    type: event.type,
    name: nameOf(event.type),
    schemaVersion: event.schemaVersion,
    data: JSON.parse(event.data),
    streamId: event.streamId,
    version: event.version,
    position: event.position,
    eventId: event.eventId,
    occurredAt: meta.at ?? event.recordedAt,
    recordedAt: event.recordedAt,
  };
}
