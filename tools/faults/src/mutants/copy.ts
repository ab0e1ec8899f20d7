import { cp, mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Of the repository. */
const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..', '..');
const files = ['package.json', 'tsconfig.json', 'tsconfig.base.json', 'jest.config.mjs', '.swcrc'];
const folders = ['apps', 'libs', 'tools', 'infra'];
/** Not copied: what is installed or comes out of a run. */
const left = ['node_modules', 'results', '.nx'];
const workspaceScope = '@loa';
const jars = join('tools', 'kafka', 'libs');

/**
 * A copy of the tree in a folder of its own, with everything that is installed and built, in which files can be changed
 * and tests run. Packages are links to the installed ones; workspaces are the copies.
 */
export class Copy {
  private constructor(readonly folder: string) {}

  static async make(): Promise<Copy> {
    const folder = await mkdtemp(join(tmpdir(), 'loa-mutants-'));
    const wanted = (path: string) => !left.includes(basename(path)) && relative(root, path) !== jars;
    for (const entry of [...files, ...folders])
      await cp(join(root, entry), join(folder, entry), {
        recursive: true,
        preserveTimestamps: true,
        filter: wanted,
      });
    await symlink(join(root, jars), join(folder, jars)).catch(() => undefined);
    await link('node_modules', folder);
    for (const nested of await nestedModules()) await symlink(join(root, nested), join(folder, nested));
    return new Copy(folder);
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** Every package as a link; those of the workspaces lead into the copy. */
async function link(modules: string, folder: string): Promise<void> {
  const target = join(folder, modules);
  await mkdir(join(target, workspaceScope), { recursive: true });
  for (const entry of await readdir(join(root, modules))) {
    if (entry !== workspaceScope) await symlink(join(root, modules, entry), join(target, entry));
  }
  // Links of npm are relative, so copied as they are they lead into the copy.
  await cp(join(root, modules, workspaceScope), join(target, workspaceScope), {
    recursive: true,
    verbatimSymlinks: true,
  });
}

/** Packages that a workspace has in another version. */
async function nestedModules(): Promise<string[]> {
  const found: string[] = [];
  for (const kind of ['apps', 'tools', 'libs/platform', 'libs/contracts', 'libs/knowledge']) {
    for (const workspace of await readdir(join(root, kind))) {
      const inside: string[] = await readdir(join(root, kind, workspace)).catch(() => []);
      if (inside.includes('node_modules')) found.push(join(kind, workspace, 'node_modules'));
    }
  }
  return found;
}
