import type { RecordedCall, RecordedRead, SeenEvent } from '@loa/testing';
import type { Reader } from '../world/tables.migration.js';

/** A row of the projection of the world. */
export interface StreamRow {
  readonly count: number;
  readonly version: number;
  readonly chain: string;
}

/** A row as it stood from one instant to another, in ms of the log's clock; up to Infinity: it still does. */
export interface StreamState extends StreamRow {
  readonly from: number;
  readonly to: number;
}

export interface ParkedRow {
  readonly streamId: string;
  readonly position: number;
  readonly version: number;
  readonly why: 'failed' | 'behind';
}

export interface ReaderEvidence {
  readonly reader: Reader;
  readonly rows: ReadonlyMap<string, StreamRow>;
  /** What `asOf` is answered from: of each row the states it was in, oldest first. */
  readonly states: ReadonlyMap<string, readonly StreamState[]>;
  readonly parked: readonly ParkedRow[];
  /** Positions that an operator left out. */
  readonly dropped: readonly number[];
}

/** What a reader once said: nothing that was recorded up to then is missing. */
export interface FreshClaim {
  readonly reader: Reader;
  readonly partition: number;
  /** Into how many partitions what it reads is divided. */
  readonly partitions: number;
  /** What it had taken in when it said so. */
  readonly position: number;
  /** In ms of the clock of the journals, and never later than what was said. */
  readonly upTo: number;
}

/** All that is known of a run when it is over. */
export interface Evidence {
  readonly calls: readonly RecordedCall[];
  readonly reads: readonly RecordedRead[];
  readonly stored: readonly SeenEvent[];
  readonly readers: readonly ReaderEvidence[];
  readonly claims: readonly FreshClaim[];
  /** Errors that appenders met and no fault explains. */
  readonly strange: readonly string[];
  /** What did not come to rest in time. */
  readonly late: readonly string[];
  /** From when nothing was wrong any more until everything had come to rest, in ms, and how long that may take. */
  readonly recoveryMs: number;
  readonly recoveredWithinMs: number;
  /** Processes that ended and were not killed. */
  readonly crashes: readonly string[];
}
