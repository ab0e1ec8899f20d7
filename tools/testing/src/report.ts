import { relative } from 'node:path';
import type { FileResult } from './kinds.js';

/** What Jest writes with `--json`, as far as it is read here. */
export interface JestReport {
  readonly success: boolean;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string }[];
  }[];
}

/** What came of each file. @param root the folder of the repository, which the names of the report begin with */
export function resultsIn({ testResults }: Pick<JestReport, 'testResults'>, root: string): FileResult[] {
  return testResults.map(({ name, status, assertionResults }) => {
    const count = (...wanted: string[]) =>
      assertionResults.filter((test) => wanted.includes(test.status)).length;
    const failed = count('failed');
    return {
      path: relative(root, name),
      passed: count('passed'),
      // A file that could not even run has no tests to count, and must not look like a success.
      failed: failed === 0 && status === 'failed' ? 1 : failed,
      skipped: count('pending', 'skipped', 'todo', 'disabled'),
    };
  });
}

/**
 * A file that was not run for want of a Kafka. How many tests it has is not known, so it counts as one: skipped, or failed
 * where everything must run.
 */
export const leftOut = (path: string, mustRun: boolean): FileResult => ({
  path,
  passed: 0,
  failed: mustRun ? 1 : 0,
  skipped: mustRun ? 0 : 1,
});

/** The last line of a run, e.g. `Tests: 12 passed, 0 failed, 3 skipped`. */
export function closingLine(results: readonly FileResult[]): string {
  const sum = (pick: (file: FileResult) => number) => results.reduce((total, file) => total + pick(file), 0);
  const [passed, failed, skipped] = [
    sum((file) => file.passed),
    sum((file) => file.failed),
    sum((file) => file.skipped),
  ];
  return `Tests: ${passed} passed, ${failed} failed, ${skipped} skipped`;
}
