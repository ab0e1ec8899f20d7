import { jest } from '@jest/globals';
import { isTransient, openPool } from '@loa/database';
import { describeUnless } from '@loa/testing';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import {
  appendFile,
  chmod,
  chown,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { LocalPostgres } from './local-postgres.js';
import { socketPlaceFor } from './places.js';
import { makeSocketFolder, removeSocketFolder } from './socket-folder.js';

jest.setTimeout(120_000);
const run = promisify(execFile);

/** All that a shell, a list of PostgreSQL and an address take for something else. */
const awkward = "Loa's, của (ta)";
let parent: string;

beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), 'loa-s-'));
  // Else the account of the server could not pass, and its data would be elsewhere.
  await chmod(parent, 0o755);
});
afterAll(() => rm(parent, { recursive: true, force: true }));

const socketFolder = ({ socketUrl }: LocalPostgres) => new URL(socketUrl!).searchParams.get('host')!;

/** Whether a session at this address comes over TCP, or what keeps it from being one. */
async function overTcp(connectionString: string): Promise<boolean> {
  const pool = openPool({ connectionString, applicationName: 'loa-socket-spec', max: 1 });
  try {
    const { rows } = await pool.query<{ tcp: boolean }>('SELECT inet_server_addr() IS NOT NULL AS tcp');
    return rows[0]!.tcp;
  } finally {
    await pool.end();
  }
}

describe('a server', () => {
  let server: LocalPostgres;

  beforeAll(async () => {
    server = await LocalPostgres.start({ folder: join(parent, awkward) });
  });
  afterAll(() => server.close());

  it('is reached over its socket, which is in its folder, and over TCP', async () => {
    expect(socketFolder(server)).toBe(join(parent, awkward, 'socket'));
    expect(await overTcp(server.socketUrl!)).toBe(false);
    expect(await overTcp(server.adminUrl)).toBe(true);
    expect(await LocalPostgres.running(server.folder)).toBe(server.adminUrl);
  });

  it('lets nobody but its own account into the folder of the socket', async () => {
    const [sockets, data] = await Promise.all(
      [socketFolder(server), join(server.folder, 'data')].map((path) => stat(path)),
    );
    expect(sockets!.mode & 0o777).toBe(0o700);
    expect(sockets!.uid).toBe(data!.uid);
  });

  it('wants the password over the socket, too', async () => {
    const stranger = new URL(server.socketUrl!);
    stranger.password = 'guessed';
    await expect(overTcp(stranger.toString())).rejects.toMatchObject({ code: '28P01' });
  });

  it('that is down may be back a moment later, and then is at the same address', async () => {
    const address = server.socketUrl!;
    await server.stop();
    const error: unknown = await overTcp(address).catch((one: unknown) => one);
    expect(error).toMatchObject({ code: 'ENOENT' });
    expect(isTransient(error)).toBe(true);
    await server.up();
    expect(await overTcp(address)).toBe(false);
  });
});

describe('a server whose folder has a path that is too long for a socket', () => {
  const long = () => join(parent, awkward.padEnd(100, 'x'));

  it('has its socket where temporary files are, finds the folder that a killed run left, and removes it', async () => {
    const killed = await LocalPostgres.start({ folder: long() });
    const folder = socketFolder(killed);
    expect(folder.startsWith(join(tmpdir(), 'loa-socket-'))).toBe(true);
    await writeFile(join(folder, '.s.PGSQL.1'), '');
    try {
      // Nobody closed it: its server runs on.
      const next = await LocalPostgres.start({ folder: long() });
      expect(socketFolder(next)).toBe(folder);
      const socket = `.s.PGSQL.${next.port}`;
      expect((await readdir(folder)).sort()).toEqual([socket, `${socket}.lock`]);
      expect((await stat(folder)).mode & 0o777).toBe(0o700);
      expect(await overTcp(next.socketUrl!)).toBe(false);
      await next.close();
      expect(existsSync(folder)).toBe(false);
    } finally {
      await killed.close();
    }
  });

  it('is taken away together with that place', async () => {
    const killed = await LocalPostgres.start({ folder: long() });
    const folder = socketFolder(killed);
    try {
      expect(existsSync(folder)).toBe(true);
      await LocalPostgres.discard(long());
      expect([existsSync(killed.folder), existsSync(folder)]).toEqual([false, false]);
    } finally {
      await killed.close();
    }
  });

  it('is reached over TCP alone where its account may not use that place', async () => {
    const closed = await mkdtemp(join(tmpdir(), 'loa-closed-'));
    // Root makes a folder there all the same, which the account that its server runs as cannot reach.
    await chmod(closed, 0o500);
    const program = `
      const { LocalPostgres } = await import('@loa/local-postgres');
      const [, folder, temporary] = process.argv;
      process.env.TMPDIR = temporary;
      const server = await LocalPostgres.start({ folder });
      const reached = (await LocalPostgres.running(folder)) === server.adminUrl;
      console.log(JSON.stringify({ reached, socket: server.socketUrl ?? 'none' }));
      await server.close();
    `;
    const loader = ['--conditions=@loa/source', '--import', '@swc-node/register/esm-register'];
    try {
      const { stdout } = await run(
        process.execPath,
        [...loader, '--input-type=module', '--eval', program, long(), closed],
        { cwd: fileURLToPath(new URL('../../../..', import.meta.url)) },
      );
      expect(JSON.parse(stdout)).toEqual({ reached: true, socket: 'none' });
      expect(await readdir(closed)).toEqual([]);
    } finally {
      await rm(closed, { recursive: true, force: true });
    }
  });
});

it('a server that cannot start is not tried without its socket for what an earlier start has left in the log', async () => {
  const home = join(parent, 'broken');
  const server = await LocalPostgres.start({ folder: home });
  await server.close();
  const log = join(server.folder, 'log');
  await appendFile(log, 'FATAL:  could not create lock file "/gone/.s.PGSQL.1.lock": Permission denied\n');
  const unknown = { wal_level: 'unheard_of' };
  await expect(LocalPostgres.start({ folder: home, settings: unknown })).rejects.toThrow('unheard_of');
  expect((await readFile(log, 'utf8')).match(/unheard_of/g)).toHaveLength(1);
});

it('a socket is where the path, in bytes, is short enough', () => {
  const name = '/socket/.s.PGSQL.65535';
  const short = `/${'x'.repeat(103 - name.length - 1)}`;
  expect(socketPlaceFor(short, '/tmp')).toBe(`${short}/socket`);
  expect(socketPlaceFor(`${short}x`, '/tmp')).toMatch(/^\/tmp\/loa-socket-[0-9a-f]{16}$/);
  expect(socketPlaceFor(short.replace('x', 'ô'), '/tmp')).toMatch(/^\/tmp\/loa-socket-/);
  expect(socketPlaceFor(`${short}x`, `${short}x`)).toBeUndefined();
});

const missing = process.getuid?.() === 0 ? undefined : 'only root can give a folder away';
describeUnless(describe, missing, 'a folder that belongs to somebody else', () => {
  it('is left as it is, not used for the socket and not taken away', async () => {
    const home = join(parent, 'home');
    const folder = join(home, 'socket');
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'kept'), '');
    await chown(folder, 54_321, 54_321);
    expect(await makeSocketFolder(home)).toBeUndefined();
    await removeSocketFolder(home);
    expect(await readdir(folder)).toEqual(['kept']);
  });
});
