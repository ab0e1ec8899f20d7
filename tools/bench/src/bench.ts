import type { Closing } from './closing.js';
import type { Table } from '@loa/terminal';

/** What every part gets. */
export interface Bench {
  /** Fewer and shorter rounds, to see that it works. */
  readonly quick: boolean;
  /** How long each system is under load in the soak. */
  readonly soakMinutes: number;
  readonly closing: Closing;
  /** Says what is being done. */
  step(text: string): void;
  /** Takes what was measured as soon as it is there, so that a later failure does not lose it. */
  tell(outcome: Outcome): void;
}

export interface Outcome {
  readonly name: string;
  readonly table: Table;
  /** The same as numbers, for the file. */
  readonly measured: readonly object[];
  /** Of the database it was measured on, and what else ran. */
  readonly settings: Readonly<Record<string, string>>;
}
