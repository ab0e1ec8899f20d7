import type { CommandContract } from '@loa/event-sourcing';
import type { z } from 'zod';
import { rfc3339 } from './local-time.js';

export const phases = ['directory', 'plan', 'activities', 'indicators'] as const;
/** Phases follow one another: what a phase names, an earlier one has made. */
export type Phase = (typeof phases)[number];

/** A wish of the demo world, for the same doors as real ones. */
export interface SeedCommand {
  readonly contract: CommandContract;
  readonly input: unknown;
  /** When it happened, RFC 3339 UTC. */
  readonly occurredAt: string;
  /** Stable: a second sowing repeats the answers of the first. */
  readonly idempotencyKey: string;
  readonly phase: Phase;
}

/** A command whose input the compiler has compared with its contract. `at` is an instant in milliseconds. */
export function seedCommand<C extends CommandContract>(
  phase: Phase,
  contract: C,
  input: z.input<C['input']>,
  at: number,
  key: string,
): SeedCommand {
  return { contract, input, occurredAt: rfc3339(at), idempotencyKey: `bac-kan-2022/${key}`, phase };
}
