import { closingLine, leftOut, resultsIn } from './report.js';

const file = (name: string, status: string, ...tests: string[]) => ({
  name: `/loa/${name}`,
  status,
  assertionResults: tests.map((one) => ({ status: one })),
});

it('counts the tests of each file', () =>
  expect(
    resultsIn(
      { testResults: [file('libs/a.spec.ts', 'failed', 'passed', 'failed', 'pending', 'todo')] },
      '/loa',
    ),
  ).toEqual([{ path: 'libs/a.spec.ts', passed: 1, failed: 1, skipped: 2 }]));

it('counts a file that could not run as a failure', () =>
  expect(resultsIn({ testResults: [file('libs/a.spec.ts', 'failed')] }, '/loa')).toEqual([
    { path: 'libs/a.spec.ts', passed: 0, failed: 1, skipped: 0 },
  ]));

it('adds up in the closing line, with what was left out', () => {
  const run = resultsIn({ testResults: [file('a.spec.ts', 'passed', 'passed', 'pending')] }, '/loa');
  expect(closingLine([...run, leftOut('b.spec.ts', false)])).toBe('Tests: 1 passed, 0 failed, 2 skipped');
  expect(closingLine([...run, leftOut('b.spec.ts', true)])).toBe('Tests: 1 passed, 1 failed, 1 skipped');
});
