import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { clockReadings, pureBy, type LintSettings } from './purity.js';
import { read, root, sourcesOf, workspaces } from './workspaces.js';

const settings = JSON.parse(await read('.oxlintrc.json')) as LintSettings;
const isPure = pureBy(settings);
const decision = 'apps/reporting/src/activity/submit-activity.ts';
const contract = 'libs/contracts/reporting/src/activity/submit-activity.ts';

/** Runs the linter over files that are made for it. @returns the rules that each breaks, by path */
async function lint(
  files: readonly (readonly [path: string, text: string])[],
): Promise<Map<string, string[]>> {
  const folder = await mkdtemp(join(tmpdir(), 'loa-lint-'));
  try {
    // Rules that need types have a checker of their own, and nothing to say about purity.
    await writeFile(join(folder, '.oxlintrc.json'), JSON.stringify({ ...settings, options: {} }));
    for (const [path, text] of files) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
    }
    const told = await new Promise<string>((resolve) => {
      const oxlint = join(root, 'node_modules', 'oxlint', 'bin', 'oxlint');
      execFile(process.execPath, [oxlint, '-f', 'json'], { cwd: folder }, (_, out) => resolve(out));
    });
    const { diagnostics } = JSON.parse(told) as { diagnostics: { code: string; filename: string }[] };
    const broken = new Map(files.map(([path]) => [path, [] as string[]]));
    for (const { code, filename } of diagnostics) broken.get(filename)!.push(code);
    return broken;
  } finally {
    await rm(folder, { recursive: true });
  }
}

describe('the linter', () => {
  const importing = (name: string) => `import { a } from '${name}';\nexport const b = a;\n`;
  const using = (expression: string) => `export const a = (f: () => void) => [f, ${expression}];\n`;
  const impure = [
    'process.env',
    "fetch('x')",
    "new WebSocket('ws://x')",
    'console.log(1)',
    'performance.now()',
    'crypto.randomUUID()',
    'globalThis.process',
    'setTimeout(f, 1)',
    'setInterval(f, 1)',
    'setImmediate(f)',
    'queueMicrotask(f)',
  ].map((use) => [use, using(use), 'eslint(no-restricted-globals)'] as const);
  const chancy = ['Math.random()', 'Date.now()', "Math['random']()"].map(
    (use) => [use, using(use), 'eslint(no-restricted-properties)'] as const,
  );
  const ofOthers =
    'node:fs fs/promises typeorm pg kafkajs rxjs fastify pino uuid @nestjs/common @apollo/server';
  const ofOurs =
    'database event-store transport service files local-postgres free-ports testing kafka planning';
  const reaching = [...ofOthers.split(' '), ...ofOurs.split(' ').map((name) => `@loa/${name}`)].map(
    (name) => [name, importing(name), 'eslint(no-restricted-imports)'] as const,
  );
  const cases = [...impure, ...chancy, ...reaching];
  const allowed = ['@loa/event-sourcing', '@loa/contracts-planning', '@loa/known-plans', 'zod', './plan.js'];

  const contexts = 'apps/reporting/src/activity';
  const contracts = 'libs/contracts/reporting/src/activity';
  let broken: Map<string, string[]>;
  beforeAll(async () => {
    broken = await lint([
      ...cases.flatMap(([, text], n) => [
        [`${contexts}/impure-${n}.ts`, text] as const,
        [`${contexts}/impure-${n}.lookup.ts`, text] as const,
        [`${contracts}/impure-${n}.ts`, text] as const,
      ]),
      ...allowed.map((name, n) => [`${contexts}/pure-${n}.ts`, importing(name)] as const),
    ]);
  });

  it.each(cases.map(([what, , rule], n) => [what, rule, n] as const))(
    'forbids pure files %s, and no others',
    (_, rule, n) => {
      expect(broken.get(`${contexts}/impure-${n}.ts`)).toEqual([rule]);
      expect(broken.get(`${contracts}/impure-${n}.ts`)).toEqual([rule]);
      // This one says by its name what it is for.
      expect(broken.get(`${contexts}/impure-${n}.lookup.ts`)).toEqual([]);
    },
  );

  it.each(allowed.map((name, n) => [name, n] as const))('allows pure files %s', (_, n) =>
    expect(broken.get(`${contexts}/pure-${n}.ts`)).toEqual([]),
  );
});

describe('the clock', () => {
  it.each(['new Date()', 'new Date', 'Date()', 'at(new Date())'])('%s is a look at it', (text) =>
    expect(clockReadings(`const a = 1;\nconst b = ${text};`)).toEqual([2]),
  );

  it.each(["new Date('2022-05-10')", 'new Date(at)', "'new Date()'", 'now()'])('%s is none', (text) =>
    expect(clockReadings(`const a = ${text};`)).toEqual([]),
  );

  it('is looked at in no pure file', async () => {
    const sources = (await Promise.all((await workspaces()).map(sourcesOf))).flat();
    const pure = sources.filter(({ path }) => isPure(path));
    expect(pure.map(({ path }) => path)).toEqual(expect.arrayContaining([decision, contract]));
    expect(pure.map(({ path }) => path)).not.toContain('apps/reporting/src/activity/arrived-files.lookup.ts');
    const readings = pure.flatMap(({ path, text }) => clockReadings(text).map((line) => `${path}:${line}`));
    expect(readings).toEqual([]);
  });
});
