import type { Installation } from '../installation.js';
import type { Outcome } from '../outcome.js';

// What a command needs is loaded when it is asked for: all of it together takes seconds.
export const commands = {
  status: () => import('../status.command.js'),
  stream: () => import('../stream.command.js'),
  migrate: () => import('../migrate.command.js'),
  verify: () => import('../verify.command.js'),
  proof: () => import('../proof.command.js'),
  generations: () => import('../generations.command.js'),
  records: () => import('../records.command.js'),
  parked: () => import('../parked.command.js'),
  restored: () => import('../restored.command.js'),
};

/** Where a run of the program writes. */
export interface Output {
  /** Results. */
  out(line: string): void;
  /** What went wrong. */
  err(line: string): void;
  /** How far it has come; on a terminal each line takes the place of the one before. */
  progress(line: string): void;
}

/** Does the work and tells its outcome. */
export type Shown = (work: () => Promise<Outcome>) => Promise<void>;
/** The same for work on the installation that the settings name. */
export type Here = (work: (installation: Installation) => Promise<Outcome>) => Promise<void>;
