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

export interface ReadCall {
  readonly page: number;
  /** Whether data and meta of every event are parsed as JSON. */
  readonly parsed: boolean;
}

const PER_APPEND = 10;

/** The columns of a stored event, as they lie. */
const COPY = `COPY (SELECT position, stream_id, version, event_id, type, schema_version, data, meta, recorded_at
  FROM es.event ORDER BY position) TO STDOUT`;

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

/** The whole log, page after page; the next page is asked for before this one is worked on, as relay and rebuild do. */
async function read({ page, parsed }: ReadCall): Promise<Stretch> {
  const from = performance.now();
  let count = 0;
  let next: Promise<StoredEvent[]> | undefined = store.read(0, page);
  while (next) {
    const events: StoredEvent[] = await next;
    next = events.length < page ? undefined : store.read(events.at(-1)!.position, page);
    if (parsed) events.forEach(parse);
    count += events.length;
  }
  return { count, seconds: (performance.now() - from) / 1_000, latencies: [] };
}

const parse = ({ data, meta }: StoredEvent): unknown => [JSON.parse(data), JSON.parse(meta)];

answerCalls({ open, copy, read });
