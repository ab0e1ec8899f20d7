import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { countByKind, kindNames, kindOf } from './kinds.js';

it.each([
  ['apps/reporting/src/activity/submit-activity.spec.ts', 'decision'],
  ['libs/platform/transport/src/transport.conformance.spec.ts', 'conformance'],
  ['libs/platform/transport/src/kafka-faults.spec.ts', 'faults'],
  ['libs/platform/service/src/command-door.slice.spec.ts', 'slice'],
  ['somewhere/else.spec.ts', 'other'],
])('%s is of kind %s', (path, kind) => expect(kindOf(path)).toBe(kind));

it('adds up', () =>
  expect(
    countByKind([
      { path: 'apps/planning/src/a.spec.ts', passed: 2, failed: 1, skipped: 0 },
      { path: 'apps/planning/src/b.spec.ts', passed: 3, failed: 0, skipped: 1 },
    ]),
  ).toEqual([{ kind: 'decision', files: 2, passed: 5, failed: 1, skipped: 1 }]));

it('CONTRIBUTING.md tells of every kind, in their order', async () => {
  const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');
  const [, rows = ''] =
    /^\| Kind .*\n\| -.*\n((?:\|.*\n)+)/m.exec(await readFile(join(root, 'CONTRIBUTING.md'), 'utf8')) ?? [];
  const told = rows.split('\n').flatMap((row) => (row ? [row.split('|')[1]!.trim()] : []));
  expect([...told, 'other']).toEqual(kindNames);
});
