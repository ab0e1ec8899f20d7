import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const script = join(dirname(fileURLToPath(import.meta.url)), '..', 'complete-lock.mjs');
const run = (...args: string[]) =>
  new Promise<{ code: number; told: string }>((resolve) => {
    const child = execFile(process.execPath, [script, ...args], (_error, out, err) =>
      resolve({ code: child.exitCode ?? -1, told: out + err }),
    );
  });

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loa-lock-'));
});
afterAll(() => rm(folder, { recursive: true }));

it('npm ci works on every platform: the lock file leaves out no build of a native package', async () =>
  expect(await run('--check')).toEqual({ code: 0, told: '' }));

it('what is left out is told, and entered', async () => {
  const file = join(folder, 'package-lock.json');
  const native = {
    version: '1.2.3',
    engines: { node: '>=10' },
    optionalDependencies: { 'fast-darwin-arm64': '1.2.3', 'fast-linux-x64-musl': '1.2.3' },
  };
  await writeFile(file, JSON.stringify({ lockfileVersion: 3, packages: { 'node_modules/fast': native } }));
  expect(await run('--check', file)).toEqual({
    code: 1,
    told: expect.stringContaining('node_modules/fast-darwin-arm64'),
  });
  expect(await run(file)).toMatchObject({ code: 0 });
  expect(await run('--check', file)).toMatchObject({ code: 0 });
  const { packages } = JSON.parse(await readFile(file, 'utf8')) as { packages: Record<string, unknown> };
  expect(packages['node_modules/fast-linux-x64-musl']).toEqual({
    version: '1.2.3',
    cpu: ['x64'],
    libc: ['musl'],
    optional: true,
    os: ['linux'],
    engines: { node: '>=10' },
  });
});
