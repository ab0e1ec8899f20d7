import { readFile } from 'node:fs/promises';

/** What a file loads at once, by itself and through others of this workspace; without types and `import()`. */
async function loadedBy(file: URL, seen = new Set<string>()): Promise<Set<string>> {
  const text = await readFile(file, 'utf8');
  for (const [, from] of text.matchAll(/^(?:import|export) (?!type )(?:[^;]*? from )?'([^']+)';/gm)) {
    const own = from!.startsWith('.') ? new URL(from!.replace(/\.js$/, '.ts'), file) : undefined;
    const name = own?.href ?? from!;
    if (seen.has(name)) continue;
    seen.add(name);
    if (own) await loadedBy(own, seen);
  }
  return seen;
}

const packages = async (...files: string[]) => {
  const loaded = await Promise.all(files.map((file) => loadedBy(new URL(file, import.meta.url))));
  return [...new Set(loaded.flatMap((all) => [...all]))]
    .filter((name) => !/^(?:file|node):/.test(name))
    .sort();
};

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
