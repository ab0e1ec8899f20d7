import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { applied } from './mutant.js';
import { projectionMutants } from './projection-mutants.js';
import { storeMutants } from './store-mutants.js';
import { transportMutants } from './transport-mutants.js';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..', '..');
const all = [...storeMutants, ...transportMutants, ...projectionMutants];

it('have names of their own', () => expect(new Set(all.map(({ name }) => name)).size).toBe(all.length));

it.each(all.map((mutant) => [mutant.name, mutant] as const))(
  'still fits the program: %s',
  async (_, { edits }) => {
    const texts = new Map<string, string>();
    for (const edit of edits) {
      const before = texts.get(edit.file) ?? (await readFile(join(root, edit.file), 'utf8'));
      const after = applied(before, edit);
      expect(after).not.toBe(before);
      texts.set(edit.file, after);
    }
  },
);

it('one whose text is gone, or is there twice, is refused', () => {
  const edit = { file: 'x.ts', from: 'a', to: 'b' };
  expect(applied('-a-', edit)).toBe('-b-');
  expect(() => applied('---', edit)).toThrow('0 times');
  expect(() => applied('a-a', edit)).toThrow('2 times');
});
