import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the repository. */
export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');

export const read = (path: string): Promise<string> => readFile(join(root, path), 'utf8');

/** The folders of the workspaces, relative to the repository, e.g. `libs/platform/files`. */
export async function workspaces(): Promise<string[]> {
  const { packages } = JSON.parse(await read('package-lock.json')) as { packages: Record<string, unknown> };
  return Object.keys(packages).filter(
    (path) => /^(apps|libs|tools)\/[^/]+(\/[^/]+)?$/.test(path) && existsSync(join(root, path)),
  );
}

export interface Source {
  /** Relative to the repository. */
  readonly path: string;
  readonly text: string;
}

/** What is written under `src` of a workspace, and the programs in its `bin`. */
export async function sourcesOf(workspace: string): Promise<Source[]> {
  const below = await Promise.all(
    ['src', 'bin'].map(async (folder) => {
      const files = await readdir(join(root, workspace, folder), { recursive: true }).catch(() => []);
      return files.map((file) => join(workspace, folder, file));
    }),
  );
  const paths = below.flat().filter((path) => /\.(ts|mjs)$/.test(path));
  return Promise.all(paths.sort().map(async (path) => ({ path, text: await read(path) })));
}
