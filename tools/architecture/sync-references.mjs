/**
 * TypeScript project references follow the dependencies of each package.json, so that nobody keeps two lists.
 * `npm run sync` writes them; with `--check` it only compares and exits with 1 when a file is out of date.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const read = (path) => JSON.parse(readFileSync(path, 'utf8'));
const projects = readWorkspaces().filter(({ dir }) => existsSync(join(dir, 'src')));
const dirOf = new Map(projects.map(({ name, dir }) => [name, dir]));

function readWorkspaces() {
  const { packages } = read(join(root, 'package-lock.json'));
  return Object.keys(packages)
    .filter((path) => path && !path.includes('node_modules') && existsSync(join(root, path, 'package.json')))
    .map((path) => ({ dir: join(root, path), ...read(join(root, path, 'package.json')) }));
}

const wanted = new Map();
for (const { dir, dependencies = {}, devDependencies = {} } of projects) {
  const references = Object.keys({ ...dependencies, ...devDependencies })
    .filter((name) => dirOf.has(name))
    .sort()
    .map((name) => ({ path: relative(dir, dirOf.get(name)) }));
  wanted.set(join(dir, 'tsconfig.json'), {
    extends: relative(dir, join(root, 'tsconfig.base.json')),
    compilerOptions: { rootDir: 'src', outDir: 'dist', tsBuildInfoFile: 'dist/.tsbuildinfo' },
    include: ['src'],
    references,
  });
}
wanted.set(join(root, 'tsconfig.json'), {
  // The loader that runs sources without a build reads its options from here.
  extends: './tsconfig.base.json',
  files: [],
  references: projects
    .map(({ dir }) => ({ path: relative(root, dir) }))
    .sort((a, b) => (a.path < b.path ? -1 : 1)),
});

let stale = 0;
for (const [path, content] of wanted) {
  const same = existsSync(path) && JSON.stringify(read(path)) === JSON.stringify(content);
  if (same) continue;
  stale += 1;
  if (process.argv.includes('--check'))
    console.error(`${relative(root, path)} is out of date: run "npm run sync"`);
  else writeFileSync(path, `${JSON.stringify(content, null, 2)}\n`);
}
if (process.argv.includes('--check') && stale > 0) process.exit(1);
