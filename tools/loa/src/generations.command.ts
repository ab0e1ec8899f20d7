import { OPERATIONS_SCHEMA, readSide } from '@loa/gateway';
import {
  GenerationRegistry,
  Rebuild,
  checkDrift,
  discardGeneration,
  driftRecords,
  rollBack,
  type DriftRecord,
  type EventLog,
  type Generation,
  type ReadSide,
  type RebuildOptions,
} from '@loa/projections';
import { openPool } from '@loa/database';
import { EventStore } from '@loa/event-store';
import { drawn } from '@loa/terminal';
import { ownerOf, type Installation } from './installation.js';
import { withPool } from './opened.js';
import type { Outcome } from './outcome.js';
import { telling } from './progress.js';

type Telling = (line: string) => void;

/** Lends the read tables with the logs that they are made of. */
async function withReadSide<T>(
  { contexts, read, release }: Installation,
  work: (side: ReadSide) => Promise<T>,
): Promise<T> {
  const owner = ownerOf('read', read);
  const stores = contexts.map(
    ({ name, runtime }) =>
      [
        name,
        new EventStore(openPool({ connectionString: runtime, applicationName: 'loa-cli', max: 2 })),
      ] as const,
  );
  try {
    const partitions = Math.max(1, ...(await Promise.all(stores.map(([, store]) => partitionsOf(store)))));
    const logs: Record<string, EventLog> = Object.fromEntries(stores);
    return await work(readSide({ owner, logs, partitions, code: release }));
  } finally {
    await Promise.all(stores.map(([, store]) => store.close()));
  }
}

/** A log that was ever published to Kafka is read from there, in the partitions of its topic; others are tailed. */
async function partitionsOf({ pool }: EventStore): Promise<number> {
  const { rows } = await pool.query<{ partitions: number | null }>(
    'SELECT max(cardinality(tails)) AS partitions FROM es.relay',
  );
  return rows[0]?.partitions ?? 1;
}

/** Makes the read tables anew from the logs and puts them in the place of the live ones. */
export const rebuild = (
  installation: Installation,
  options: RebuildOptions,
  progress: Telling,
): Promise<Outcome> =>
  withReadSide(installation, async (side) => {
    const rebuilt = await new Rebuild(side, telling(progress)).run(options);
    const { generation, comparison, heldMs } = rebuilt;
    const differences = comparison
      ? `${comparison.differences} differences to the ${comparison.rows} rows that were live`
      : 'not compared: the rows that were live lay too far behind';
    return {
      json: rebuilt,
      attention: (comparison?.differences ?? 0) > 0,
      text:
        `generation ${generation.number} is live: ${generation.rows} rows of ${generation.events} events in ` +
        `${generation.seconds?.toFixed(1)} s; readers waited ${Math.round(heldMs)} ms; ${differences}\n` +
        'The one before is kept: "loa rollback" brings it back, "loa discard <number>" removes it.',
    };
  });

export const rollback = (
  installation: Installation,
  number: number | undefined,
  progress: Telling,
): Promise<Outcome> =>
  withReadSide(installation, async (side) => {
    const done = await rollBack(side, number === undefined ? {} : { number }, telling(progress));
    return { json: done, text: `generation ${done.generation.number} is live again` };
  });

export const discard = (installation: Installation, number: number): Promise<Outcome> =>
  withReadSide(installation, async (side) => {
    await discardGeneration(side, number);
    return { json: { discarded: number }, text: `generation ${number} is gone` };
  });

export const generations = (installation: Installation): Promise<Outcome> =>
  withReadSide(installation, async (side) => {
    const list = await withPool(installation.read, (pool) => new GenerationRegistry(side).list(pool));
    return { json: { generations: list }, text: generationTable(list) };
  });

const generationTable = (list: readonly Generation[]): string =>
  drawn({
    title: 'Generations of the read tables',
    columns: ['number', 'state', 'schema', 'code', 'built', 'events', 'rows', 'seconds', 'progress'],
    rows: list.map(({ number, state, schemaName, code, builtAt, events, rows, seconds, progress }) => [
      String(number),
      state,
      schemaName,
      code ?? '–',
      builtAt?.toISOString() ?? '–',
      String(events ?? '–'),
      String(rows ?? '–'),
      seconds?.toFixed(1) ?? '–',
      `${Math.floor(progress * 100)} %`,
    ]),
  });

/** Makes all rows anew beside the live ones and compares them; what was found stays on record. */
export const drift = (installation: Installation, progress: Telling): Promise<Outcome> =>
  withReadSide(installation, async (side) => {
    const found = await checkDrift(side, telling(progress));
    return { json: found, attention: found.differences > 0, text: [...driftLines(found)].join('\n') };
  });

export const driftHistory = ({ read }: Installation, first: number): Promise<Outcome> =>
  withPool(read, async (pool) => {
    const records = await driftRecords(pool, { schema: 'read', registry: OPERATIONS_SCHEMA }, first);
    const text = records.map((record) => `${record.checkedAt.toISOString()}  ${headline(record)}`);
    return { json: { checks: records }, text: text.join('\n') || 'nothing was checked yet: run "loa drift"' };
  });

const headline = ({ differences, rows, positions }: DriftRecord): string => {
  const at = Object.entries(positions).map(([source, position]) => `${source} ${position}`);
  return `${differences} differences of ${rows} rows at ${at.join(', ')}`;
};

function* driftLines(record: DriftRecord): Generator<string> {
  yield headline(record);
  for (const { table, rows, differences } of record.tables) {
    if (differences > 0) yield `  ${table}: ${differences} of ${rows}`;
  }
  for (const { table, kind, key, columns } of record.examples) {
    const where = columns.length > 0 ? ` in ${columns.join(', ')}` : '';
    yield `  ${kind}: ${table} ${JSON.stringify(key)}${where}`;
  }
  if (record.differences > 0) yield 'What "loa rebuild" makes is what the logs say.';
}
