import { openPool } from '@loa/database';
import { EventStore, wholeLog } from '@loa/event-store';
import { READ_SCHEMA, readProjector, readSide } from '@loa/gateway';
import { discardGeneration, Rebuild, type Projector } from '@loa/projections';
import type { DeliveredEvent } from '@loa/transport';
import pg from 'pg';
import type { Stretch } from '../rounds.js';
import { fillLog } from '../system/log-filling.js';
import { answerCalls } from '../system/worker.js';
import { lives } from './activities.js';
import { putRows, takeRows } from './rows-copy.js';

export interface OpenCall {
  /** To the read database, as its owner and as the gateway. */
  readonly owner: string;
  readonly runtime: string;
  /** To the log. */
  readonly log: string;
  readonly activities: number;
}

export interface ApplyCall {
  /** Events handed over at once. */
  readonly batch: number;
}

const SOURCE = 'reporting';
const TABLES = ['activity', 'activity_entry'].flatMap((name) =>
  [name, `${name}_history`].map((table) => `${READ_SCHEMA}.${table}`),
);

let store: EventStore;
let client: pg.Client;
let owner: string;
let projector: Projector;
let events: readonly DeliveredEvent[];
let rows: Awaited<ReturnType<typeof takeRows>>;

/** @returns how many rows the events come to, histories included */
async function open(call: OpenCall): Promise<number> {
  owner = call.owner;
  store = new EventStore(openPool({ connectionString: call.log, applicationName: 'loa-bench' }));
  client = new pg.Client({ connectionString: owner });
  await client.connect();
  projector = readProjector(openPool({ connectionString: call.runtime, applicationName: 'loa-bench' }));
  await fillLog(store, lives(call.activities));
  const stored = await wholeLog(store);
  events = stored.map((event) => ({ ...event, previous: event.position - 1, offset: event.position }));
  await apply({ batch: 1_000 });
  rows = await takeRows(client, TABLES);
  let count = 0;
  for (const table of TABLES) {
    const found = await client.query<{ count: number }>(`SELECT count(*)::int FROM ${table}`);
    count += found.rows[0]!.count;
  }
  return count;
}

/** As if nothing had been read yet. */
async function reset(): Promise<void> {
  await client.query(`TRUNCATE ${TABLES.join(', ')}; DELETE FROM ${READ_SCHEMA}.checkpoint`);
}

async function timed(work: () => Promise<void>): Promise<Stretch> {
  await reset();
  const from = performance.now();
  await work();
  return { count: events.length, seconds: (performance.now() - from) / 1_000, latencies: [] };
}

const copy = (): Promise<Stretch> => timed(() => putRows(client, rows));

const apply = ({ batch }: ApplyCall): Promise<Stretch> =>
  timed(async () => {
    for (let at = 0; at < events.length; at += batch) {
      await projector.handle({ source: SOURCE, partition: 0, events: events.slice(at, at + batch) });
    }
  });

/** Makes all rows anew beside the live ones and swaps; what was live before is discarded, outside the time. */
async function rebuild(): Promise<Stretch> {
  const side = readSide({ owner, logs: { [SOURCE]: store }, partitions: 1, code: 'bench' });
  let live = 0;
  const stretch = await timed(async () => {
    const { generation } = await new Rebuild(side).run({ patienceMs: 0 });
    live = generation.number;
  });
  await discardGeneration(side, live - 1);
  return stretch;
}

answerCalls({ open, copy, apply, rebuild });
