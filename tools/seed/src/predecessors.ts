import type { SeedCommand } from './seed-command.js';

/** The id of the thing a command is about, or the ids when it is about several together. */
const thingOf = ({ contract, input }: SeedCommand): string => {
  const fields = new Map(Object.entries(input ?? {}));
  return contract.target.map((field) => String(fields.get(field))).join('+');
};

const named = ({ input }: SeedCommand): readonly string[] =>
  Object.values(input ?? {}).filter((value) => typeof value === 'string');

/**
 * For each command, which earlier ones must be granted first: the last about the same thing, and the last about each
 * thing that it names (the parent of an agency, the plan of a receipt).
 */
export function predecessors(commands: readonly SeedCommand[]): readonly (readonly number[])[] {
  const lastAbout = new Map<string, number>();
  return commands.map((command, index) => {
    const thing = thingOf(command);
    const earlier = [thing, ...named(command)]
      .map((id) => lastAbout.get(id))
      .filter((found) => found !== undefined);
    lastAbout.set(thing, index);
    return [...new Set(earlier)];
  });
}
