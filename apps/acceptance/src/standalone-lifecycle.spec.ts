import { openPool } from '@loa/database';
import { Client, StandaloneProcess } from '@loa/outside';
import { eventually } from '@loa/testing';
import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readmeHolds } from './readme.js';

interface Counted {
  readonly agencies: { readonly totalCount: number };
  readonly activities: { readonly totalCount: number };
}

/** The demo world, as far as it can be counted. */
const whole: Counted = { agencies: { totalCount: 126 }, activities: { totalCount: 604 } };
const empty: Counted = { agencies: { totalCount: 0 }, activities: { totalCount: 0 } };

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');

/** A Node program beside a Loa, which is told of its folder and of nothing else. */
async function ended({ folder }: { readonly folder: string }, args: readonly string[]) {
  const env = { PATH: process.env['PATH'], LOA_HOME: folder };
  const child = spawn(process.execPath, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'inherit'] });
  let out = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, out };
}

/** Changes an event, as somebody can who has the keys of the house. */
async function forge(connectionString: string): Promise<void> {
  const settings = { session_replication_role: 'replica' };
  const pool = openPool({ connectionString, applicationName: 'forger', settings });
  await pool.query(`UPDATE es.event SET data = '{"name":"khác"}' WHERE position = 2`);
  await pool.end();
}

describe('npm start', () => {
  let loa: StandaloneProcess;
  let client: Client;
  const counted = () =>
    client.query<Counted>('{ agencies(first: 1) { totalCount } activities(first: 1) { totalCount } }');

  beforeAll(async () => {
    loa = await StandaloneProcess.prepare();
    client = new Client(loa.url);
  });
  afterAll(async () => {
    client.close();
    await loa.discard();
  });

  it('makes the world of Bắc Kạn on its first start, also when kill -9 cuts that short, and says where it is', async () => {
    await loa.cutShort('making the world', async () =>
      expect((await counted()).agencies.totalCount).toBeGreaterThan(0),
    );
    await loa.start();
    // It was not done yet when it was cut short: then nothing would have been left to make.
    expect(loa.printed).toContain('making the world');
    expect(loa.printed).toContain(`${loa.url}/graphql`);
    expect(loa.printed).toContain(`${loa.url}/explorer`);
    expect(loa.printed).toContain(
      loa.postgresLog.startsWith(loa.folder) ? loa.folder : dirname(loa.postgresLog),
    );
    expect(await counted()).toEqual(whole);
  }, 240_000);

  it('reaches its PostgreSQL over the Unix socket, whatever the sessions are for', async () => {
    const connectionString = await loa.adminUrl('postgres');
    const pool = openPool({ connectionString, applicationName: 'looking-on' });
    try {
      // One that has nothing to do for a while has no session until it is asked.
      await eventually(async () => {
        await counted();
        const { rows } = await pool.query(
          `SELECT DISTINCT application_name AS "of", client_addr AS "over" FROM pg_stat_activity
           WHERE application_name LIKE 'loa-%' ORDER BY 1`,
        );
        const all = ['gateway', 'monitoring', 'planning', 'read', 'reporting'];
        expect(rows).toEqual(all.map((name) => ({ of: `loa-${name}`, over: null })));
      });
    } finally {
      await pool.end();
    }
  });

  readmeHolds(() => client);

  it('is not started twice on one folder', async () => {
    const second = await StandaloneProcess.beside(loa);
    await expect(second.start()).rejects.toThrow('is running on');
    // It is told before anything is loaded and started.
    expect(second.printed).not.toContain('starting');
    expect(await counted()).toEqual(whole);
  }, 120_000);

  it('stops cleanly on Ctrl-C, leaves no server behind, and finds its data again', async () => {
    expect(await loa.end('SIGINT')).toBe(0);
    await expect(fetch(loa.url)).rejects.toThrow();
    await expect(loa.postmaster()).rejects.toThrow('ENOENT');
    const seconds = await loa.start();
    expect(loa.printed).not.toContain('making the world');
    expect(await counted()).toEqual(whole);
    expect(seconds).toBeLessThan(60);
  }, 180_000);

  it('is looked after by "npx loa" and "npm run verify" without a setting but its folder', async () => {
    const { scripts } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as {
      scripts: { verify: string };
    };
    const verify = scripts.verify.split(' ').slice(1);
    const program = [join(root, 'tools', 'loa', 'bin', 'loa.mjs')];
    // Readers and sealer come after the answer to a command.
    const allIsWell = async () => expect(await ended(loa, [...program, 'status'])).toMatchObject({ code: 0 });
    await eventually(allIsWell, { within: 120_000 });
    expect(await ended(loa, [...program, 'verify', '--json'])).toMatchObject({ code: 0 });
    expect(await ended(loa, verify)).toMatchObject({ code: 0, out: expect.stringContaining('as sealed') });
    expect(await ended(loa, [...program, 'verify', 'finance'])).toMatchObject({ code: 2 });
    expect(await ended(loa, [...program, 'dance'])).toMatchObject({ code: 2 });
    const elsewhere = { folder: join(loa.folder, 'nothing-here') };
    expect(await ended(elsewhere, [...program, 'status', '--json'])).toMatchObject({
      code: 2,
      out: expect.stringContaining('npm start'),
    });
    await forge(await loa.adminUrl('loa_planning'));
    expect(await ended(loa, verify)).toMatchObject({
      code: 1,
      out: expect.stringContaining('altered at 2'),
    });
  }, 300_000);

  it('starts over when told to', async () => {
    await loa.end('SIGTERM');
    await loa.start('--fresh', '--empty');
    expect(await counted()).toEqual(empty);
  }, 180_000);
});
