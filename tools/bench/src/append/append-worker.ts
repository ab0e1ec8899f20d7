import { openPool } from '@loa/database';
import { EventStore, type NewEvent } from '@loa/event-store';
import { Sealer } from '@loa/seals';
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import type { Stretch } from '../rounds.js';
import { answerCalls } from '../system/worker.js';
import { DATA, EVENTS_PER_APPEND, META, TYPE } from './payload.js';
import { repeatedly } from './repeatedly.js';

export interface AppendCall {
  readonly callers: number;
  readonly seconds: number;
}

export interface LoadCall {
  readonly streams: readonly string[];
  readonly readers: number;
  readonly seconds: number;
  /**
   * `store`: EventStore.load and JSON.parse, as the command door does; `raw`: rows that pg parses; `rows`: what pg hands
   * to EventStore.load; `parsedRows`: the same and JSON.parse.
   */
  readonly how: 'store' | 'raw' | 'rows' | 'parsedRows';
}

let store: EventStore | undefined;
const opened = (): EventStore => {
  if (!store) throw new Error('not opened');
  return store;
};

const event = (): NewEvent => ({
  eventId: randomUUID(),
  type: TYPE,
  schemaVersion: 1,
  data: DATA,
  meta: META,
});

const append = ({ callers, seconds }: AppendCall): Promise<Stretch> =>
  repeatedly(callers, seconds, EVENTS_PER_APPEND, async () => {
    const events = Array.from({ length: EVENTS_PER_APPEND }, event);
    const { status } = await opened().append({ streamId: randomUUID(), expected: 0, events });
    if (status !== 'appended') throw new Error(`an append came out as ${status}`);
  });

/** The same with a sealer behind it, as in a service; what was appended before is sealed beforehand. */
async function appendSealed(call: AppendCall): Promise<Stretch> {
  const failures: unknown[] = [];
  const sealer = Sealer.start({ store: opened(), onError: (error) => failures.push(error) });
  try {
    const head = await opened().head();
    while (failures.length === 0 && sealer.counters.position < head) await pause(20);
    const stretch = await append(call);
    if (failures.length > 0) throw failures[0];
    return stretch;
  } finally {
    await sealer.close();
  }
}

async function load({ streams, readers, seconds, how }: LoadCall): Promise<Stretch> {
  const asked = await queryOfLoad(streams[0]!);
  const reads = {
    store: loadFromStore,
    raw: loadRaw,
    rows: (streamId: string) => loadRows(asked, streamId),
    parsedRows: async (streamId: string) =>
      (await loadRows(asked, streamId)).map(([, data]) => JSON.parse(data!) as unknown),
  };
  const read = reads[how];
  const { length } = await read(streams[0]!);
  let next = 0;
  return repeatedly(readers, seconds, length, async () => {
    const facts = await read(streams[next++ % streams.length]!);
    if (facts.length !== length) throw new Error(`a stream of ${facts.length} events, not of ${length}`);
  });
}

/** What EventStore.load asks pg for, in its own words; the first value is the stream. */
async function queryOfLoad(streamId: string): Promise<pg.QueryArrayConfig<unknown[]>> {
  let asked: pg.QueryArrayConfig<unknown[]> | undefined;
  const query = (config: pg.QueryArrayConfig<unknown[]>) => opened().pool.query((asked = config));
  const pool = Object.create(opened().pool, { query: { value: query } }) as pg.Pool;
  await new EventStore(pool).load(streamId);
  if (!asked) throw new Error('EventStore.load asked nothing');
  return asked;
}

/** Rows as pg hands them to the store: arrays of texts, the data second, of which no event is made. */
async function loadRows(
  { values = [], ...asked }: pg.QueryArrayConfig<unknown[]>,
  streamId: string,
): Promise<string[][]> {
  const { rows } = await opened().pool.query<string[]>({ ...asked, values: [streamId, ...values.slice(1)] });
  return rows;
}

async function loadFromStore(streamId: string): Promise<unknown[]> {
  const { events } = await opened().load(streamId);
  return events.map(({ data }) => JSON.parse(data) as unknown);
}

async function loadRaw(streamId: string): Promise<unknown[]> {
  const { rows } = await opened().pool.query<Record<string, unknown>>({
    name: 'raw',
    text: 'SELECT * FROM es.event WHERE stream_id = $1 ORDER BY version',
    values: [streamId],
  });
  return rows;
}

interface FillCall {
  readonly streams: number;
  readonly length: number;
  readonly perAppend: number;
}

/** Makes streams that lie interleaved in the log, as they would after a long life. @returns their ids */
async function fill({ streams, length, perAppend }: FillCall): Promise<string[]> {
  const ids = Array.from({ length: streams }, () => randomUUID());
  for (let version = 0; version < length; version += perAppend) {
    await Promise.all(
      ids.map((streamId) =>
        opened().append({ streamId, expected: version, events: Array.from({ length: perAppend }, event) }),
      ),
    );
  }
  return ids;
}

answerCalls({
  open: async (connectionString: string) => {
    await store?.close();
    store = new EventStore(openPool({ connectionString, applicationName: 'loa-bench' }));
  },
  append,
  appendSealed,
  load,
  fill,
});
