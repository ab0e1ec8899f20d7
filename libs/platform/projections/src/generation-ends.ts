import type { StoredEvent } from '@loa/event-store';
import type pg from 'pg';
import { pages, PAGE, type Feed } from './generation-feed.js';
import { carriedIn } from './generation-places.js';

/** The last event of a partition up to a position of the log; position 0: none. */
export interface PartitionEnd {
  readonly source: string;
  readonly partition: number;
  readonly upTo: number;
  readonly position: number;
  readonly recordedAt: string | undefined;
}

/** Where each partition of a source ends up to a position. One without events is looked for in the whole log. */
export async function partitionEnds(feed: Feed, upTo: number): Promise<PartitionEnd[]> {
  const { source, partitions } = feed;
  const last = await lastEvents(feed, upTo);
  return Array.from({ length: partitions }, (_, partition) => ({
    source,
    partition,
    upTo,
    position: last.get(partition)?.position ?? 0,
    recordedAt: last.get(partition)?.recordedAt,
  }));
}

async function lastEvents(feed: Feed, upTo: number): Promise<ReadonlyMap<number, StoredEvent>> {
  let last = new Map<number, StoredEvent>();
  // Backwards: nearly always the last page has one of each.
  for (let until = upTo; until > 0 && last.size < feed.partitions; until -= PAGE) {
    const found = new Map<number, StoredEvent>();
    for await (const page of pages(feed, Math.max(0, until - PAGE), until)) {
      for (const event of page) found.set(carriedIn(event.streamId, feed.partitions), event);
    }
    last = new Map([...found, ...last]);
  }
  return last;
}

/** Puts partitions that stand behind their last event, at a place up to which all was taken in, back to it. */
export async function standAtEnds(
  client: pg.PoolClient,
  { schema, reader }: { schema: string; reader: string },
  ends: readonly PartitionEnd[],
): Promise<void> {
  await client.query(
    `UPDATE ${schema}.checkpoint c SET position = e.position, recorded_at = e."recordedAt"
       FROM jsonb_to_recordset($2) e (source text, partition int, "upTo" bigint, position bigint, "recordedAt" timestamptz)
      WHERE c.reader = $1 AND (c.source, c.partition) = (e.source, e.partition) AND c.position <= e."upTo"`,
    [reader, JSON.stringify(ends)],
  );
}

/** Every event up to a position was taken in: a true place in each partition, also where the last event is older. */
export async function standBehindAll(
  client: pg.Pool | pg.PoolClient,
  { schema, reader }: { schema: string; reader: string },
  { source, log, partitions }: Feed,
  position: number,
): Promise<void> {
  const [event] = position > 0 ? await log.read(position - 1, 1) : [];
  await client.query(
    `INSERT INTO ${schema}.checkpoint AS c (reader, source, partition, position, "offset", recorded_at)
     SELECT $1, $2, p, $3, -1, $4 FROM generate_series(0, $5 - 1) p
     ON CONFLICT (reader, source, partition)
     DO UPDATE SET position = excluded.position, recorded_at = excluded.recorded_at WHERE c.position < excluded.position`,
    [reader, source, position, event?.recordedAt, partitions],
  );
}
