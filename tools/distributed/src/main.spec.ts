import { LocalPostgres, placeFor } from '@loa/local-postgres';
import { endProcess } from '@loa/outside';
import { eventually } from '@loa/testing';
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');

/** `npm run distributed` on a folder of its own, without the build before it and without npm in between. */
async function begun(...flags: string[]) {
  const { scripts } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  const [command, ...args] = scripts['distributed']!.split('&&').at(-1)!.trim().split(' ');
  const folder = await mkdtemp(join(tmpdir(), 'loa-begun-'));
  const child = spawn(command!, [...args, ...flags], {
    cwd: root,
    env: { ...process.env, LOA_HOME: folder },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const printed: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => printed.push(chunk.toString()));
  return { folder, child, printed: () => printed.join('') };
}

describe('npm run distributed', () => {
  it('leaves no database server behind when it is stopped while it starts', async () => {
    const { folder, child, printed } = await begun();
    const postgres = join(folder, 'postgres');
    try {
      await eventually(async () => expect(await LocalPostgres.running(postgres)).toBeDefined(), {
        within: 60_000,
      });
      expect(printed()).not.toContain('Ctrl-C stops it');
      expect(await endProcess(child, 'SIGINT')).toBe(0);
      expect(await LocalPostgres.running(postgres)).toBeUndefined();
      expect(printed()).toContain('stopped');
    } finally {
      await endProcess(child, 'SIGKILL');
      await discard(postgres);
      await rm(folder, { recursive: true, force: true });
    }
  }, 120_000);

  it('refuses what it does not know before it starts anything', async () => {
    const { folder, child, printed } = await begun('--wrld');
    const code = await new Promise((resolve) => child.once('exit', resolve));
    expect(code).toBe(1);
    expect(printed()).toContain("Unknown option '--wrld'");
    expect(printed()).not.toContain('PostgreSQL');
    await rm(folder, { recursive: true, force: true });
  }, 60_000);
});

/** Stops what a failed run left behind, by the pid that the server itself wrote down. */
async function discard(postgres: string): Promise<void> {
  const place = await placeFor(postgres);
  const pidFile = await readFile(join(place, 'data', 'postmaster.pid'), 'utf8').catch(() => undefined);
  if (pidFile !== undefined) process.kill(Number(pidFile.split('\n')[0]), 'SIGQUIT');
  await rm(place, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}
