import { driftRecords, GenerationRegistry, type DriftRecord, type Generation } from '@loa/projections';
import { drawn } from '@loa/terminal';
import type { Installation } from './installation.js';
import { withPool } from './lent-pool.js';
import type { Outcome } from './outcome.js';
import { readerNamed } from './readers.js';

/** What is on record about the generations of a reader's rows. */
export async function generations(installation: Installation, wanted: string): Promise<Outcome> {
  const { place, ...reader } = readerNamed(installation, wanted);
  const list = await withPool(place, (pool) => new GenerationRegistry(reader).list(pool));
  return { json: { generations: list }, text: generationTable(wanted, list) };
}

const generationTable = (reader: string, list: readonly Generation[]): string =>
  drawn({
    title: `Generations of the rows of ${reader}`,
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

/** What earlier drift checks of a reader's rows found. */
export async function driftHistory(
  installation: Installation,
  wanted: string,
  first: number,
): Promise<Outcome> {
  const { place, ...reader } = readerNamed(installation, wanted);
  const records = await withPool(place, (pool) => driftRecords(pool, reader, first));
  const text = records.map((record) => `${record.checkedAt.toISOString()}  ${headline(record)}`);
  return { json: { checks: records }, text: text.join('\n') || 'nothing was checked yet: run "loa drift"' };
}

/** "0 differences of 12 rows at planning 6" */
export const headline = ({ differences, rows, positions, leftOut }: DriftRecord): string => {
  const at = Object.entries(positions).map(([source, position]) => `${source} ${position}`);
  const without = leftOut
    ? `; ${leftOut} events are left out: parked, dropped, or of a type that was not known`
    : '';
  return `${differences} differences of ${rows} rows at ${at.join(', ')}${without}`;
};
