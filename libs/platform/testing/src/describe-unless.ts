/** What jest's `describe` has that this needs; it is handed in, since this library is used outside jest, too. */
interface Describe {
  (name: string, tests: () => void): void;
  skip(name: string, tests: () => void): void;
}

/**
 * Describes tests that need something which a machine may not have. Without it they count as skipped, so that nobody
 * takes such a run for a whole one.
 * @param missing what this machine lacks and how to get it; undefined when all is there
 * @throws under CI=true when something is missing
 */
export function describeUnless(
  describe: Describe,
  missing: string | undefined,
  name: string,
  tests: () => void,
): void {
  if (missing === undefined) return describe(name, tests);
  if (process.env['CI'] === 'true')
    throw new Error(`${missing}, and under CI=true these tests must run: ${name}`);
  describe.skip(`${name} (${missing})`, tests);
}
