import { CannotDo } from './cannot-do.js';
import {
  contextNames,
  placeOf,
  type ContextName,
  type DatabaseName,
  type DatabasePlace,
  type Installation,
} from './installation.js';

/** Keeps rows of what the logs say. */
export interface Reader {
  readonly name: string;
  readonly database: DatabaseName;
  /** Of its rows, its checkpoint and what it has parked. */
  readonly schema: string;
  /** The schema of the records about generations and drift checks. */
  readonly registry: string;
  /** The contexts whose logs it reads. */
  readonly sources: readonly ContextName[];
}

/**
 * Every reader of an installation. Written down and not asked of the code that reads, which takes seconds to load; a spec
 * compares the two.
 */
export const readers: readonly Reader[] = [
  { name: 'gateway', database: 'read', schema: 'read', registry: 'operations', sources: contextNames },
  {
    name: 'reporting-knowledge',
    database: 'reporting',
    schema: 'known',
    registry: 'operations',
    sources: ['planning'],
  },
  {
    name: 'monitoring-knowledge',
    database: 'monitoring',
    schema: 'known',
    registry: 'operations',
    sources: ['planning'],
  },
];

/** Where the rows of a reader are. */
export interface ReaderPlace extends Reader {
  readonly place: DatabasePlace;
}

/** @throws CannotDo when there is no such reader */
export function readerNamed(installation: Installation, wanted: string): ReaderPlace {
  const found = readersIn(installation).find(({ name }) => name === wanted);
  if (found) return found;
  const names = readers.map(({ name }) => name).join(', ');
  throw new CannotDo(`there is no reader ${wanted}; there are ${names}`);
}

export const readersIn = (installation: Installation): ReaderPlace[] =>
  readers.map((reader) => ({ ...reader, place: placeOf(installation, reader.database) }));
