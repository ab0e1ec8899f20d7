import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/** What a file loads at once, by itself and through others of this workspace; without types and `import()`. */
async function loadedBy(file: string, seen = new Set<string>()): Promise<Set<string>> {
  const text = await readFile(fileURLToPath(new URL(file, import.meta.url)), 'utf8');
  for (const [, from] of text.matchAll(/^(?:import|export) (?!type )(?:[^;]*? from )?'([^']+)';/gm)) {
    if (seen.has(from!)) continue;
    seen.add(from!);
    if (from!.startsWith('./')) await loadedBy(from!.replace(/\.js$/, '.ts'), seen);
  }
  return seen;
}

const packages = async (...files: string[]) =>
  [...new Set((await Promise.all(files.map((file) => loadedBy(file)))).flatMap((all) => [...all]))]
    .filter((name) => !/^(?:\.\/|node:)/.test(name))
    .sort();

// Nest, GraphQL and TypeORM take seconds to load; scripts ask for the status in loops.
describe('does not load more than it needs', () => {
  it('to explain itself', async () => expect(await packages('./main.ts')).toEqual(['commander']));

  it('to say where all stands', async () =>
    expect(await packages('./status.command.ts', './installation.ts')).toEqual([
      '@loa/database/pool',
      '@loa/local-postgres',
      '@loa/service/configuration',
      '@loa/terminal',
      'zod',
    ]));
});
