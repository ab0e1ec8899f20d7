import { activities, type SeedActivity } from './activities.js';
import { directory, registrations, type Directory } from './agencies.js';
import { assigning, assignments, receipts, type Assignments } from './assignments.js';
import { byKey } from './ids.js';
import { indicators, measuring } from './indicators.js';
import { channels, contents, draftingCommands, issuing, plan } from './plan.js';
import type { SeedCommand } from './seed-command.js';

/** A demo world: its things by readable keys, and the commands that make it. */
export interface World {
  readonly agencies: Directory['byKey'];
  readonly plan: typeof plan;
  readonly contents: typeof contents;
  readonly channels: typeof channels;
  readonly assignments: Assignments;
  readonly activities: Readonly<Record<string, SeedActivity>>;
  readonly indicators: typeof indicators;
  /** Phase by phase, in the order in which it happened. */
  readonly commands: readonly SeedCommand[];
}

const inOrderOfTime = (commands: readonly SeedCommand[]): readonly SeedCommand[] =>
  commands.toSorted((a, b) => (a.occurredAt < b.occurredAt ? -1 : a.occurredAt > b.occurredAt ? 1 : 0));

/**
 * Bắc Kạn in 2022: the public facts of Kế hoạch 211/KH-UBND and, marked "minh họa", what a year of it could look like.
 * The same on every call and every machine.
 */
export function bacKanWorld(): World {
  const known = directory();
  const assigned = assignments(known);
  const held = activities(known, assigned);
  return {
    agencies: known.byKey,
    plan,
    contents,
    channels,
    assignments: assigned,
    activities: byKey<string, SeedActivity>(held),
    indicators,
    commands: [
      ...registrations(known),
      ...draftingCommands(known),
      ...assigning(known, assigned),
      issuing(known),
      ...inOrderOfTime(receipts(assigned)),
      ...inOrderOfTime(held.flatMap(({ commands }) => commands)),
      ...measuring(known),
    ],
  };
}
