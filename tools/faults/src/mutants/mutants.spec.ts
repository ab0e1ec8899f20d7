import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { applied } from './mutant.js';
import { mutants } from './mutants.js';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..', '..');

it('have names of their own', () =>
  expect(new Set(mutants.map(({ name }) => name)).size).toBe(mutants.length));

it.each(mutants.map((mutant) => [mutant.name, mutant] as const))(
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
