import type { Schema } from '@loa/database';
import type { Decider, EventContract } from '@loa/event-sourcing';
import { eventStoreMigrations, type EventStore } from '@loa/event-store';
import type { Metrics } from '@loa/observability';
import { ParkedEvents, type Projection, type ReadSide, type ReadSources } from '@loa/projections';
import { Seals1700000004000 } from '@loa/seals';
import { RelayLeadership1700000008000, type EventTransport } from '@loa/transport';
import type { Lookup } from './command-door.js';
import type { Rehydration } from './rehydration.js';

/** What a context keeps of others: facts elsewhere, turned into rows here that decisions can look up. */
export interface Knowledge {
  readonly sources: readonly string[];
  readonly projections: readonly Projection[];
  /** The database schema of those rows and their checkpoint. */
  readonly schema: string;
  /** The schema of the records about generations of those rows. */
  readonly registry: string;
  /** Every wire type that the contracts of the sources declare. */
  readonly knownTypes: ReadonlySet<string>;
}

/** The name under which the reader of a context keeps its checkpoints of others. */
export const readerOf = (context: string): string => `${context}-knowledge`;

/**
 * The rows that a context keeps of others, to be made anew or checked.
 * @param sources with the logs of more contexts than these rows are made of, too
 */
export const knowledgeSide = (
  context: string,
  { sources: wanted, projections, schema, registry, knownTypes }: Knowledge,
  { logs, ...sources }: ReadSources,
): ReadSide => ({
  ...sources,
  logs: Object.fromEntries(wanted.map((source) => [source, logs[source]!])),
  schema,
  registry,
  reader: readerOf(context),
  projections,
  knownTypes,
});

/** What the reader of a context has parked of others, as operators see it. */
export const parkedBy = (
  context: string,
  { schema }: Pick<Knowledge, 'schema'>,
  pool: EventStore['pool'],
): ParkedEvents => new ParkedEvents(pool, { name: readerOf(context), schema });

/** What the database of every context has: the log, its seals, and who publishes it. A context adds its own migrations. */
export const contextMigrations: Schema['migrations'] = [
  ...eventStoreMigrations,
  Seals1700000004000,
  RelayLeadership1700000008000,
];

/** A bounded context as the platform runs it: everything else about it is pure. */
export interface ContextDefinition {
  readonly name: string;
  readonly deciders: readonly Decider[];
  /** Every event that its streams may hold. */
  readonly events: readonly EventContract[];
  /** Migrations of its database: the log, and what it knows of others. */
  readonly schema: Schema;
  /** @param rehydration loads the things of this context */
  lookups(store: EventStore, rehydration: Rehydration): Readonly<Record<string, Lookup>>;
  readonly knowledge?: Knowledge;
}

/** Something that runs beside the door and is closed with it, e.g. the relay to Kafka. */
export interface Companion {
  readonly name: string;
  healthy(): boolean;
  close(): Promise<void>;
}

/** The parts of the outside world that a running context needs. */
export interface ContextRuntime {
  readonly store: EventStore;
  readonly transport: EventTransport;
  readonly companions: readonly Companion[];
  readonly now: () => Date;
  /** Counts what happens here, when it is given. */
  readonly metrics?: Metrics;
  /** What operators prove themselves with over HTTP; undefined: nobody is let in. */
  readonly operatorToken?: string | undefined;
}
