import type { Schema } from '@loa/database';
import type { Decider, EventContract } from '@loa/event-sourcing';
import { eventStoreMigrations, type EventStore } from '@loa/event-store';
import type { Metrics } from '@loa/observability';
import type { Projection } from '@loa/projections';
import { Seals1700000004000 } from '@loa/seals';
import type { EventTransport } from '@loa/transport';
import type { Lookup } from './command-door.js';

/** What a context keeps of others: facts elsewhere, turned into rows here that decisions can look up. */
export interface Knowledge {
  readonly sources: readonly string[];
  readonly projections: readonly Projection[];
  /** The database schema of those rows and their checkpoint. */
  readonly schema: string;
  /** Every wire type that the contracts of the sources declare. */
  readonly knownTypes: ReadonlySet<string>;
}

/** The name under which the reader of a context keeps its checkpoints of others. */
export const readerOf = (context: string): string => `${context}-knowledge`;

/** What the database of every context has: the log, and its seals. A context adds its own migrations. */
export const contextMigrations: Schema['migrations'] = [...eventStoreMigrations, Seals1700000004000];

/** A bounded context as the platform runs it: everything else about it is pure. */
export interface ContextDefinition {
  readonly name: string;
  readonly deciders: readonly Decider[];
  /** Every event that its streams may hold. */
  readonly events: readonly EventContract[];
  /** Migrations of its database: the log, and what it knows of others. */
  readonly schema: Schema;
  lookups(store: EventStore): Readonly<Record<string, Lookup>>;
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
}
