import {
  Rebuild,
  checkDrift,
  discardGeneration,
  GenerationRefusal,
  rollBack,
  type RollBackOptions,
  type DriftRecord,
  type ReadSide,
  type RebuildOptions,
} from '@loa/projections';
import { EventStore } from '@loa/event-store';
import { kafkaOffset } from '@loa/transport';
import { made } from './build.js';
import { CannotDo } from './cannot-do.js';
import { ownerOf, UNRELEASED, type Installation } from './installation.js';
import { fewSessions } from './lent-pool.js';
import type { Outcome } from './outcome.js';
import { telling } from './progress.js';
import { headline } from './records.command.js';
import { readerNamed } from './readers.js';

type Telling = (line: string) => void;

/**
 * Lends the rows of a reader with the logs that they are made of.
 * @throws CannotDo when there is no such reader, and instead of GenerationRefusal
 */
async function withReadSide<T>(
  installation: Installation,
  reader: string,
  work: (side: ReadSide) => Promise<T>,
): Promise<T> {
  const owner = ownerOf(readerNamed(installation, reader).place);
  const { sources, side } = made.get(reader)!;
  const stores = installation.contexts
    .filter(({ name }) => sources.includes(name))
    .map((place) => [place.name, new EventStore(fewSessions(place))] as const);
  try {
    const published = await Promise.all(
      stores.map(async ([name, store]) => ({ name, ...(await publishedOf(store)) })),
    );
    const partitions = Math.max(1, ...published.map((one) => one.partitions));
    const restored = published.filter(({ restores }) => restores > 0);
    const restoredAt = Object.fromEntries(
      restored.map(({ name, restores }) => [name, kafkaOffset(restores, -1)]),
    );
    const logs = Object.fromEntries(stores);
    return await work(side({ owner, logs, partitions, restoredAt, code: installation.release }));
  } catch (error) {
    throw error instanceof GenerationRefusal ? new CannotDo(error.message) : error;
  } finally {
    await Promise.all(stores.map(([, store]) => store.close()));
  }
}

/** A log that was ever published to Kafka is read from there, in the partitions of its topic; others are tailed. */
async function publishedOf({ pool }: EventStore): Promise<{ partitions: number; restores: number }> {
  const { rows } = await pool.query<{ partitions: number; restores: number }>(
    `SELECT coalesce(max(cardinality(tails)), 1) AS partitions, coalesce(max(cardinality(restored)), 0) AS restores
       FROM es.relay`,
  );
  return rows[0]!;
}

/** What an unnamed build began, another unnamed build may not go on with: half of the rows would be those of other code. */
const NAMELESS = 'this build has no name, so nobody knows if the same began it: LOA_RELEASE gives it one';

/** Makes the rows of a reader anew from the logs and puts them in the place of the live ones. */
export const rebuild = (
  installation: Installation,
  reader: string,
  options: RebuildOptions,
  progress: Telling,
): Promise<Outcome> =>
  withReadSide(installation, reader, async (side) => {
    const nameless = installation.release === UNRELEASED && !options.startOver;
    const { onStep, ...onlooker } = telling(progress);
    const rebuilt = await new Rebuild(side, {
      ...onlooker,
      onStep: (step, details) => onStep(step, nameless && step === 'start-over' ? NAMELESS : details),
    }).run(nameless ? { ...options, startOver: true } : options);
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
  reader: string,
  options: RollBackOptions,
  progress: Telling,
): Promise<Outcome> =>
  withReadSide(installation, reader, async (side) => {
    const done = await rollBack(side, options, telling(progress));
    return { json: done, text: `generation ${done.generation.number} is live again` };
  });

export const discard = (installation: Installation, reader: string, number: number): Promise<Outcome> =>
  withReadSide(installation, reader, async (side) => {
    await discardGeneration(side, number);
    return { json: { discarded: number }, text: `generation ${number} is gone` };
  });

/** Makes all rows anew beside the live ones and compares them; what was found stays on record. */
export const drift = (installation: Installation, reader: string, progress: Telling): Promise<Outcome> =>
  withReadSide(installation, reader, async (side) => {
    const found = await checkDrift(side, telling(progress));
    return { json: found, attention: found.differences > 0, text: [...driftLines(found)].join('\n') };
  });

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
