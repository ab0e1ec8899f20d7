import { builtinModules } from 'node:module';
import ts from 'typescript';
import type { Source } from './workspaces.js';

export interface Manifest {
  readonly name: string;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly nx?: { readonly tags?: readonly string[] };
}

export interface Workspace {
  readonly manifest: Manifest;
  readonly sources: readonly Source[];
}

/** What is declared though no file imports it: package → why. */
export type Silent = Readonly<Record<string, string>>;

/** What the tests of every workspace may import, because the root declares it for all of them. */
const ofEveryTest = ['@jest/globals', 'fast-check'];

/** Files that only tests load: what they need is left out of a deployment. */
const isTest = (path: string): boolean => /\.(spec|fixtures)\.ts$|\/src\/testing\//.test(path);

/** Tools are run where everything is installed: they may import what they declare for development. */
const isTool = ({ nx }: Manifest): boolean => nx?.tags?.includes('type:tool') ?? false;

/**
 * How the packages that a workspace declares differ from those that it imports, one sentence each: what deployed code
 * imports must be among the dependencies, what only tests import among the devDependencies, and what nothing imports
 * nowhere. An import through somebody else's dependency works by chance, until that one goes.
 */
export function undeclaredAndUnused(workspace: Workspace, silent: Silent = {}): string[] {
  const { manifest, sources } = workspace;
  const imports = (tests: boolean) =>
    new Set(sources.filter(({ path }) => isTest(path) === tests).flatMap(({ text }) => packagesIn(text)));
  const use: Use = { deployed: imports(false), tested: imports(true) };
  const run = Object.values(manifest.scripts ?? {}).join(' ');
  const quiet = (name: string) => name in silent || run.includes(name);
  return [...undeclared(manifest, use), ...unused(manifest, use, quiet)];
}

/** The packages that a workspace imports. */
interface Use {
  readonly deployed: ReadonlySet<string>;
  readonly tested: ReadonlySet<string>;
}

function undeclared(manifest: Manifest, { deployed, tested }: Use): string[] {
  const { name, dependencies = {}, devDependencies = {} } = manifest;
  const declared = { ...dependencies, ...devDependencies };
  const enough = isTool(manifest) ? declared : dependencies;
  return [
    ...[...deployed]
      .filter((one) => !(one in enough))
      .map((one) => `${name} imports ${one}, which is not among its dependencies`),
    ...[...tested]
      .filter((one) => !(one in declared) && !ofEveryTest.includes(one))
      .map((one) => `the tests of ${name} import ${one}, which it does not declare`),
  ];
}

function unused(manifest: Manifest, { deployed, tested }: Use, quiet: (name: string) => boolean): string[] {
  const { name, dependencies = {}, devDependencies = {} } = manifest;
  const isImported = (one: string) => deployed.has(one) || tested.has(one);
  const declared = [...new Set([...Object.keys(dependencies), ...Object.keys(devDependencies)])];
  return [
    ...declared
      .filter((one) => one in dependencies && one in devDependencies)
      .map((one) => `${name} declares ${one} twice`),
    ...declared
      .filter((one) => !isImported(one) && !isImported(one.replace(/^@types\//, '')) && !quiet(one))
      .map((one) => `${name} declares ${one} and does not import it`),
    ...Object.keys(isTool(manifest) ? {} : dependencies)
      .filter((one) => !deployed.has(one) && tested.has(one) && !quiet(one))
      .map((one) => `${name} needs ${one} for its tests only: it belongs among the devDependencies`),
  ];
}

/** The packages that a text imports, or looks for with `createRequire(…).resolve` or `import.meta.resolve`. */
export function packagesIn(text: string): string[] {
  const { importedFiles } = ts.preProcessFile(text, true, true);
  const resolved = [
    ...text.matchAll(/(?:createRequire\([^()]*\)|import\.meta)\.resolve\('([^'./][^']*)'\)/g),
  ].map(([, name]) => name!);
  const named = [...importedFiles.map(({ fileName }) => fileName), ...resolved]
    .filter((name) => !name.startsWith('.') && !name.startsWith('node:'))
    .map((name) => name.split('/', name.startsWith('@') ? 2 : 1).join('/'));
  return [...new Set(named)].filter((name) => !builtinModules.includes(name));
}
