import { jest } from '@jest/globals';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

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
