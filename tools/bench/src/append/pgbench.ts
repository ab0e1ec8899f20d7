import { endProcess } from '@loa/outside';
import { spawn } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, delimiter, join } from 'node:path';
import type { Closing } from '../closing.js';
import type { Stretch } from '../rounds.js';
import { removeFolder, temporaryFolder } from '../system/folder.js';
import { EVENTS_PER_APPEND } from './payload.js';
import { callOf, insertOf, textsOf, type Texts } from './statements.js';

/** pgbench is not on this machine. */
export class ProgramMissing extends Error {
  constructor() {
    super(
      'pgbench was not found on PATH nor in /usr/lib/postgresql/*/bin: it is what we measure against. ' +
        'On Debian: apt-get install postgresql',
    );
  }
}

/** @throws ProgramMissing */
export async function findPgbench(): Promise<string> {
  const onPath = (process.env['PATH'] ?? '').split(delimiter).filter(Boolean);
  const versions = (await readdir('/usr/lib/postgresql').catch(() => [])).toSorted(
    (a, b) => Number(b) - Number(a),
  );
  const folders = [...versions.map((version) => `/usr/lib/postgresql/${version}/bin`), ...onPath];
  const paths = folders.map((folder) => join(folder, 'pgbench')).filter((path) => existsSync(path));
  // Debian's wrapper is there also when no version is, and then only says so.
  const found = paths.find((path) => basename(realpathSync(path)) !== 'pg_wrapper');
  if (!found) throw new ProgramMissing();
  return found;
}

const variables: Texts = { type: ':type', data: ':data', meta: ':meta' };

export interface PgbenchRun {
  readonly clients: number;
  readonly seconds: number;
  /** How many appends go together, through the functions of the store. Without it each is an INSERT of its own. */
  readonly batch?: number;
}

/** Runs programs of PostgreSQL against one database, in a folder of its own. */
export class Pgbench {
  private constructor(
    private readonly program: string,
    private readonly url: string,
    private readonly folder: string,
    private readonly closing: Closing,
  ) {}

  /** @throws ProgramMissing */
  static async prepare(url: string, closing: Closing): Promise<Pgbench> {
    const program = await findPgbench();
    const folder = await temporaryFolder('pgbench');
    closing.add(() => removeFolder(folder));
    return new Pgbench(program, url, folder, closing);
  }

  /** @returns how many events were written, and how long each transaction took in milliseconds */
  async run({ clients, seconds, batch }: PgbenchRun): Promise<Stretch> {
    const statement = batch === undefined ? insertOf(variables) : callOf(batch, variables);
    await writeFile(join(this.folder, 'append.sql'), `${statement};`);
    const prefix = `log-${Date.now()}`;
    const texts = Object.entries(textsOf(batch === undefined ? 1 : batch * EVENTS_PER_APPEND));
    const values = texts.flatMap(([name, text]) => ['-D', `${name}=${text}`]);
    const how = ['-n', '-M', 'prepared', '-f', 'append.sql', ...values];
    const load = ['-c', String(clients), '-j', String(Math.min(clients, 2)), '-T', String(seconds)];
    const logging = ['-l', `--log-prefix=${prefix}`];
    const args = [...how, ...load, ...logging, this.url];
    const output = await runProgram(this.program, args, { folder: this.folder, closing: this.closing });
    const tps = /tps = ([\d.]+) \(without initial connection time\)/.exec(output)?.[1];
    const failed = /number of failed transactions: (\d+)/.exec(output)?.[1] ?? '0';
    if (tps === undefined || failed !== '0') throw new Error(`pgbench said:\n${output}`);
    const count = Number(tps) * seconds * (batch ?? 1) * EVENTS_PER_APPEND;
    return { count, seconds, latencies: await this.latencies(prefix) };
  }

  /** A line a transaction; its third word says how long it took, in microseconds. */
  private async latencies(prefix: string): Promise<number[]> {
    const files = (await readdir(this.folder)).filter((name) => name.startsWith(`${prefix}.`));
    const lines = await Promise.all(
      files.map(async (name) => {
        const text = await readFile(join(this.folder, name), 'utf8');
        await rm(join(this.folder, name));
        return text.split('\n').filter(Boolean);
      }),
    );
    return lines.flat().map((line) => Number(line.split(' ')[2]) / 1_000);
  }
}

/** @returns what it printed @throws when it ends with anything but 0 */
async function runProgram(
  program: string,
  args: readonly string[],
  { folder, closing }: { folder: string; closing: Closing },
): Promise<string> {
  const child = spawn(program, args, {
    cwd: folder,
    env: { PATH: process.env['PATH'], LC_ALL: 'C.UTF-8' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  closing.add(() => endProcess(child));
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text: Buffer) => (output += text.toString()));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) throw new Error(`${program} ended with ${code}:\n${output}`);
  return output;
}
