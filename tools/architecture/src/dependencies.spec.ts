import { packagesIn, undeclaredAndUnused, type Manifest, type Silent } from './dependencies.js';
import { read, sourcesOf, workspaces } from './workspaces.js';

const door = (manifest: Partial<Manifest>, ...sources: [path: string, text: string][]) => ({
  manifest: { name: 'door', ...manifest },
  sources: sources.map(([path, text]) => ({ path: `apps/door/src/${path}`, text })),
});
const opens: [string, string] = ['door.ts', "import { key } from 'key';"];
const tested: [string, string] = ['door.spec.ts', "import { rain } from '@made/rain/heavy';"];

describe('each rule is shown a manifest that breaks it', () => {
  it('and one that keeps them all', () =>
    expect(
      undeclaredAndUnused(
        door({ dependencies: { key: '*' }, devDependencies: { '@made/rain': '*' } }, opens, tested),
      ),
    ).toEqual([]));

  it.each([
    ['what is imported is not declared', door({}, opens), 'door imports key'],
    [
      'what is deployed imports what is for tests',
      door({ devDependencies: { key: '*' } }, opens),
      'door imports key',
    ],
    ['a test imports what is not declared', door({}, tested), 'the tests of door import @made/rain'],
    ['what is declared is not imported', door({ dependencies: { key: '*' } }), 'door declares key and'],
    ['nor by tests', door({ devDependencies: { '@made/rain': '*' } }), 'door declares @made/rain and'],
    [
      'what only tests need would be deployed',
      door({ dependencies: { '@made/rain': '*' } }, tested),
      'door needs @made/rain for its tests only',
    ],
    [
      'it is declared twice',
      door({ dependencies: { key: '*' }, devDependencies: { key: '*' } }, opens),
      'door declares key twice',
    ],
  ])('%s', (_, workspace, sentence) =>
    expect(undeclaredAndUnused(workspace)).toEqual([expect.stringContaining(sentence)]),
  );

  it('a tool may import what it declares for development', () =>
    expect(
      undeclaredAndUnused(
        door({ devDependencies: { key: '*' }, nx: { tags: ['scope:tools', 'type:tool'] } }, opens),
      ),
    ).toEqual([]));

  it('what is needed without an import is listed with its reason', () =>
    expect(undeclaredAndUnused(door({ dependencies: { key: '*' } }), { key: 'turned by hand' })).toEqual([]));

  it.each([
    ["export * from 'a/b';", ['a']],
    ["import type { A } from '@a/b';", ['@a/b']],
    ["import 'a';", ['a']],
    ["const a = await import('a');", ['a']],
    // In two parts, or this file would be said to look for it.
    ['createRequire(import.meta.url)' + ".resolve('a/package.json')", ['a']],
    ["import { a } from './a.js';", []],
    ["import { a } from 'node:fs'; import { b } from 'fs';", []],
    ["// import { a } from 'a';", []],
  ])('%s', (text, packages) => expect(packagesIn(text)).toEqual(packages));
});

/** Workspace → package → why it is declared though nothing there imports it. */
const silent: Readonly<Record<string, Silent>> = {
  'apps/gateway': {
    '@as-integrations/fastify': '@nestjs/apollo loads it when Apollo runs on Fastify',
    rxjs: 'a peer that Nest needs',
  },
  'apps/standalone': { '@swc-node/register': 'the scripts of the root load sources with it' },
  'libs/platform/service': {
    'reflect-metadata': 'a peer that Nest needs',
    rxjs: 'a peer that Nest needs',
  },
};

const manifests = await Promise.all(
  (await workspaces()).map(async (path) => ({
    path,
    manifest: JSON.parse(await read(`${path}/package.json`)) as Manifest,
    sources: await sourcesOf(path),
  })),
);

it.each(manifests)('$path declares what it imports, and nothing else', ({ path, ...workspace }) =>
  expect(undeclaredAndUnused(workspace, silent[path])).toEqual([]),
);

it('no exception is left that nobody needs', () => {
  for (const { path, ...workspace } of manifests)
    for (const name of Object.keys(silent[path] ?? {})) {
      const others = Object.fromEntries(Object.entries(silent[path]!).filter(([other]) => other !== name));
      expect([path, name, undeclaredAndUnused(workspace, others)]).not.toEqual([path, name, []]);
    }
});

it('one package has one range, wherever it is declared', () => {
  const ranges = new Map<string, Set<string>>();
  for (const { manifest } of manifests)
    for (const [name, range] of Object.entries({ ...manifest.dependencies, ...manifest.devDependencies }))
      ranges.set(name, (ranges.get(name) ?? new Set()).add(range));
  expect([...ranges].filter(([, several]) => several.size > 1)).toEqual([]);
});
