import { setTimeout as pause } from 'node:timers/promises';
import type { CommandAccepted, CommandRefused } from '@loa/event-sourcing';
import { phases, type Phase, type SeedCommand } from './seed-command.js';
import { predecessors } from './predecessors.js';

export interface SowProgress {
  readonly phase: Phase;
  readonly done: number;
  readonly total: number;
}

export interface SowOptions {
  /** How many commands are on their way at once; 8 when left out. */
  readonly concurrency?: number;
  readonly onProgress?: (progress: SowProgress) => void;
  /** How long a context may take to catch up with another, in milliseconds; 30 seconds when left out. */
  readonly patience?: number;
}

/** All that sowing must know of an answer. */
export type SowAnswer = Pick<CommandAccepted, 'status'> | CommandRefused;
export type Send = (command: SeedCommand) => Promise<SowAnswer>;

/** A command of the demo world was not granted. */
export class SowingRefused extends Error {
  constructor(
    readonly command: SeedCommand,
    readonly answer: SowAnswer,
  ) {
    const { contract, idempotencyKey } = command;
    super(`${contract.context}.${contract.name} (${idempotencyKey}) was refused: ${JSON.stringify(answer)}`);
  }
}

// What a context says of things that another has made and it has not heard of yet.
const notHeardYet = new Set([
  'plan-not-known',
  'agency-not-known',
  'content-not-in-plan',
  'channel-not-in-plan',
]);

/** Planning makes these things itself: there, the same words mean that the thing is not there. */
const mayCatchUp = ({ contract }: SeedCommand, answer: SowAnswer): boolean =>
  answer.status === 'refused' && contract.context !== 'planning' && notHeardYet.has(answer.code);

async function sendUntilGranted(command: SeedCommand, send: Send, patience: number): Promise<void> {
  for (let waited = 0, delay = 50; ; waited += delay, delay = Math.min(delay * 2, 2_000)) {
    const answer = await send(command);
    if (answer.status === 'accepted') return;
    if (!mayCatchUp(command, answer) || waited + delay > patience) throw new SowingRefused(command, answer);
    await pause(delay);
  }
}

/**
 * Takes the commands in their order, so that the log is about as chronological as the world; each waits for those it
 * builds on, which are all earlier, so that the first one taken can always go.
 */
async function sowPhase(
  commands: readonly SeedCommand[],
  workers: number,
  carryOut: (command: SeedCommand) => Promise<void>,
) {
  const before = predecessors(commands);
  const outcomes: Promise<void>[] = [];
  // One queue for all workers: each takes the next that nobody has taken.
  const queue = commands.entries();
  let stopped = false;
  const work = async () => {
    for (const [index, command] of queue) {
      if (stopped) return;
      const awaited = (before[index] ?? []).flatMap((earlier) => outcomes[earlier] ?? []);
      const outcome = Promise.all(awaited).then(() => (stopped ? undefined : carryOut(command)));
      outcomes[index] = outcome;
      await outcome;
    }
  };
  const stop = (cause: unknown) => {
    stopped = true;
    throw cause;
  };
  const ended = await Promise.allSettled(Array.from({ length: workers }, () => work().catch(stop)));
  for (const end of ended) if (end.status === 'rejected') throw end.reason;
}

/**
 * Makes the world through the doors of its contexts: phase after phase, each thing's own commands in order, different
 * things at once. A second sowing is answered as the first was.
 */
export async function sow(
  world: { readonly commands: readonly SeedCommand[] },
  send: Send,
  { concurrency = 8, onProgress, patience = 30_000 }: SowOptions = {},
): Promise<void> {
  for (const phase of phases) {
    const commands = world.commands.filter((command) => command.phase === phase);
    let done = 0;
    await sowPhase(commands, concurrency, async (command) => {
      await sendUntilGranted(command, send, patience);
      onProgress?.({ phase, done: ++done, total: commands.length });
    });
  }
}
