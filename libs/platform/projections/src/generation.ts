import type { StoredEvent } from '@loa/event-store';
import type { Projection } from './projection.js';

/** The log of one source, as far as making rows anew needs it. An `EventStore` is one. */
export interface EventLog {
  /** Up to `limit` events after a position, in commit order; fewer when they are large, none only when there is none. */
  read(after: number, limit: number): Promise<StoredEvent[]>;
  /** The last position given out. */
  head(): Promise<number>;
}

/**
 * Read tables that can be made anew from the logs. One schema holds them all, with their histories and the checkpoint:
 * a **generation** of them is such a schema.
 */
export interface ReadSide {
  /** Of the role that owns the tables: making a generation is DDL. */
  readonly owner: string;
  /** The schema that is read and kept up to date, e.g. `read`. Its generations are `read_next`, `read_g1`, `read_g2`… */
  readonly schema: string;
  /** The schema of the tables of {@link createGenerations}. */
  readonly registry: string;
  /** The name of the projector that keeps the live tables up to date. */
  readonly reader: string;
  readonly projections: readonly Projection[];
  /** Every wire type that the contracts of the sources declare: events of others are written down as passed over. */
  readonly knownTypes: ReadonlySet<string>;
  /** By source. */
  readonly logs: Readonly<Record<string, EventLog>>;
  /**
   * In how many partitions the live projector is handed each source: 1 when it tails the logs, `EVENT_PARTITIONS` when
   * it reads Kafka.
   */
  readonly partitions: number;
  /**
   * By source: the offset before the first one that its carrier has given out since the log was last restored. Sources
   * whose log was never restored are left out.
   */
  readonly restoredAt?: Readonly<Record<string, number>>;
  /** Names the code of the projections, e.g. a commit. Half-made rows of another code are never gone on with. */
  readonly code: string;
}

/** What a read side needs from outside, besides what its code says of itself. */
export type ReadSources = Pick<ReadSide, 'owner' | 'logs' | 'partitions' | 'restoredAt' | 'code'>;

/** How far one source has been taken in. */
export interface Progress {
  readonly source: string;
  readonly position: number;
  /** The end of the log when the work began. */
  readonly head: number;
  readonly eventsPerSecond: number;
  /** Until all sources are read; undefined until it can be told. */
  readonly etaSeconds: number | undefined;
  /** Of all sources together, 0 to 1. */
  readonly ratio: number;
}

/** What is being done, in its order. `start-over`: what an earlier run left does not fit, or was not asked for. */
export type Step =
  'create' | 'continue' | 'start-over' | 'read' | 'index' | 'compare' | 'catch-up' | 'swap' | 'discard';

/** Looks on while work is done; neither may throw. */
export interface Onlooker {
  readonly onStep?: (step: Step, details: string) => void;
  readonly onProgress?: (progress: Progress) => void;
}

/** It cannot be done as things stand; the message says what to do. */
export class GenerationRefusal extends Error {}

const plainName = /^[a-z][a-z0-9_]{0,40}$/;

/** Names go into SQL as they are. @throws GenerationRefusal */
export function checkedSide(side: ReadSide): ReadSide {
  for (const name of [side.schema, side.registry]) {
    if (!plainName.test(name)) throw new GenerationRefusal(`${name} is no name for a schema`);
  }
  if (side.partitions < 1) throw new GenerationRefusal('a source is handed over in at least one partition');
  return side;
}

export const nextSchema = (schema: string): string => `${schema}_next`;
export const checkSchema = (schema: string): string => `${schema}_check`;
export const keptSchema = (schema: string, number: number): string => `${schema}_g${number}`;
