import type { Schema } from '@loa/database';
import { FileStore } from '@loa/files';
import { READER, readSchema, readSide } from '@loa/gateway';
import { monitoringContext } from '@loa/monitoring';
import { planningContext } from '@loa/planning';
import type { ReadSide, ReadSources } from '@loa/projections';
import { reportingContext } from '@loa/reporting';
import { knowledgeSide, readerOf } from '@loa/service';
import { tmpdir } from 'node:os';
import type { DatabaseName } from './installation.js';

/**
 * The contexts as this build runs them. They bring Nest along and take seconds to load: only for commands that need
 * projections or migrations.
 */
export const definitions = [
  planningContext,
  // Files are never looked at here.
  reportingContext(new FileStore({ folder: tmpdir() })),
  monitoringContext,
];

/** The schema of every database, as this build wants it. */
export const schemas: ReadonlyMap<DatabaseName, Schema> = new Map([
  ...definitions.map(({ name, schema }) => [name as DatabaseName, schema] as const),
  ['read', readSchema],
]);

/** How the rows of one reader are made. */
export interface Made {
  readonly database: DatabaseName;
  /** The contexts whose logs they are made of. */
  readonly sources: readonly string[];
  readonly side: (from: ReadSources) => ReadSide;
}

/** By reader. */
export const made: ReadonlyMap<string, Made> = new Map([
  [READER, { database: 'read', sources: definitions.map(({ name }) => name), side: readSide }],
  ...definitions.flatMap(({ name, knowledge }): [string, Made][] => {
    if (!knowledge) return [];
    const side = (from: ReadSources) => knowledgeSide(name, knowledge, from);
    return [[readerOf(name), { database: name as DatabaseName, sources: knowledge.sources, side }]];
  }),
]);
