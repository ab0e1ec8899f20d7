import { openPool } from '@loa/database';
import { EventStore, type StoredEvent } from '@loa/event-store';
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { DATA, META, TYPE } from '../append/payload.js';
import type { Stretch } from '../rounds.js';
import { fillLog, type Filling } from '../system/log-filling.js';
import { answerCalls } from '../system/worker.js';

export interface OpenCall {
  readonly connectionString: string;
  readonly events: number;
}

export interface RowsCall {
  /** In events. */
  readonly page: number;
}

export interface ReadCall extends RowsCall {
  /** Whether data and meta of every event are parsed as JSON. */
  readonly parsed: boolean;
}

const PER_APPEND = 10;

/** The columns of a stored event, as they lie. */
const COLUMNS = 'position, stream_id, version, event_id, type, schema_version, data, meta, recorded_at';
const COPY = `COPY (SELECT ${COLUMNS} FROM es.event ORDER BY position) TO STDOUT`;

let store: EventStore;
let client: pg.Client;

async function open({ connectionString, events }: OpenCall): Promise<void> {
  store = new EventStore(openPool({ connectionString, applicationName: 'loa-bench' }));
  client = new pg.Client({ connectionString });
  await client.connect();
  await fillLog(store, fillings(events));
}

function* fillings(events: number): Generator<Filling> {
  for (let made = 0; made < events; made += PER_APPEND) {
    yield {
      streamId: randomUUID(),
      expected: 0,
      events: Array.from({ length: PER_APPEND }, () => ({
        eventId: randomUUID(),
        type: TYPE,
        schemaVersion: 1,
        data: DATA,
        meta: META,
      })),
    };
  }
}

/** The same rows, through the same driver, their text thrown away. */
async function copy(): Promise<Stretch> {
  const from = performance.now();
  const rows = client.query(copyTo(COPY));
  let bytes = 0;
  rows.on('data', (chunk: Buffer) => (bytes += chunk.length));
  await new Promise<void>((resolve, reject) => rows.once('end', resolve).once('error', reject));
  if (bytes === 0) throw new Error('COPY brought nothing');
  return { count: rows.rowCount, seconds: (performance.now() - from) / 1_000, latencies: [] };
}

interface Reading<T> {
  readonly from: (after: number) => Promise<readonly T[]>;
  readonly positionOf: (one: T) => number;
  readonly use?: ((one: T) => unknown) | undefined;
}

/** The whole log, page after page until one is empty; the next page is asked for before this one is worked on, as relay and rebuild do. */
async function paged<T>({ from, positionOf, use }: Reading<T>): Promise<Stretch> {
  const begin = performance.now();
  let count = 0;
  let next: Promise<readonly T[]> | undefined = from(0);
  while (next) {
    const events: readonly T[] = await next;
    next = events.length === 0 ? undefined : from(positionOf(events.at(-1)!));
    if (use) events.forEach(use);
    count += events.length;
  }
  return { count, seconds: (performance.now() - begin) / 1_000, latencies: [] };
}

const read = ({ page, parsed }: ReadCall): Promise<Stretch> =>
  paged<StoredEvent>({
    from: (after) => store.read(after, page),
    positionOf: ({ position }) => position,
    use: parsed ? parse : undefined,
  });

/** The same pages as pg hands rows out at its quickest: arrays of texts, nothing made of them. */
const rows = ({ page }: RowsCall): Promise<Stretch> =>
  paged<readonly string[]>({
    from: async (after) => {
      const { rows: found } = await store.pool.query<string[]>({
        name: 'bench.rows',
        text: `SELECT ${COLUMNS} FROM es.event WHERE position > $1 ORDER BY position LIMIT $2`,
        values: [after, page],
        rowMode: 'array',
        types: { getTypeParser: () => (text: unknown) => text },
      });
      return found;
    },
    positionOf: ([position]) => Number(position),
  });

const parse = ({ data, meta }: StoredEvent): unknown => [JSON.parse(data), JSON.parse(meta)];

answerCalls({ open, copy, rows, read });
