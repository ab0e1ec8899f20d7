import { jest } from '@jest/globals';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { LocalPostgres } from './local-postgres.js';

jest.setTimeout(60_000);
const run = promisify(execFile);

const program = `
  const { LocalPostgres } = await import('@loa/local-postgres');
  const server = await LocalPostgres.start();
  await server.close();
`;

/** The names of the processes of a group: what Ctrl-C reaches when the group has the terminal. */
async function namesIn(group: number): Promise<string[]> {
  const { stdout } = await run('ps', ['-A', '-o', 'pgid=,comm=']);
  return stdout
    .split('\n')
    .map((line) => line.trim().split(/\s+/, 2))
    .filter(([id]) => Number(id) === group)
    .map(([, name]) => name!);
}

it('starts and stops a server without ever having a program of PostgreSQL where Ctrl-C would reach it', async () => {
  const loader = ['--conditions=@loa/source', '--import', '@swc-node/register/esm-register'];
  const child = spawn(process.execPath, [...loader, '--input-type=module', '--eval', program], {
    cwd: fileURLToPath(new URL('../../../..', import.meta.url)),
    stdio: 'inherit',
    detached: true,
  });
  const ended = once(child, 'exit');
  const reached = new Set<string>();
  while (child.exitCode === null && child.signalCode === null)
    for (const name of await namesIn(child.pid!)) reached.add(name);
  expect((await ended)[0]).toBe(0);
  expect([...reached].filter((name) => /postgres|pg_ctl|initdb/.test(name))).toEqual([]);
  expect([...reached]).toContain('node');
});

it('takes a kept folder away together with the server that runs on it', async () => {
  const kept = await mkdtemp(join(tmpdir(), 'loa-kept-'));
  const folder = join(kept, 'postgres');
  try {
    // Nobody closes it, as after a kill -9.
    const server = await LocalPostgres.start({ folder });
    expect(await LocalPostgres.running(folder)).toBeDefined();
    const { stdout } = await run('ps', ['-A', '-o', 'args=']);
    expect(stdout).toContain(`-D ${server.folder}`);
    await LocalPostgres.discard(folder);
    expect(existsSync(server.folder)).toBe(false);
    expect((await run('ps', ['-A', '-o', 'args='])).stdout).not.toContain(`-D ${server.folder}`);
  } finally {
    await rm(kept, { recursive: true, force: true });
  }
});
