import { endProcess } from '@loa/outside';
import { spawn } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, delimiter, join } from 'node:path';
import type { Closing } from '../closing.js';
import type { Stretch } from '../rounds.js';
import { removeFolder, temporaryFolder } from '../system/folder.js';
import { DATA, EVENTS_PER_APPEND, META, TYPE } from './payload.js';

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

/** The rows of one append, in one statement: position from a sequence, ids made by the server. */
export const floorTable = `
CREATE SCHEMA floor;
CREATE TABLE floor.event (LIKE es.event INCLUDING ALL);
CREATE SEQUENCE floor.position;
`;
const insert = `INSERT INTO floor.event
  (stream_id, version, position, event_id, type, schema_version, data, meta, recorded_at)
  SELECT s.id, v.n, nextval('floor.position'), gen_random_uuid(), :type::text, 1, :data::json, :meta::json, clock_timestamp()
    FROM (SELECT gen_random_uuid() AS id) s, generate_series(1, ${EVENTS_PER_APPEND}) v (n);`;

/** So many appends of new streams in one call, the arguments made by the server. */
function callOfBatch(appends: number): string {
  const events = appends * EVENTS_PER_APPEND;
  const ids = (count: number) => `ARRAY(SELECT gen_random_uuid() FROM generate_series(1, ${count}))`;
  const counted = (term: string) => `ARRAY(SELECT ${term} FROM generate_series(0, ${events - 1}) i)`;
  const joined = (text: string) => `array_to_string(array_fill(${text}::text, ARRAY[${events}]), E'\\x1e')`;
  const values = [
    ids(appends),
    `array_fill(0, ARRAY[${appends}])`,
    counted(`i / ${EVENTS_PER_APPEND} + 1`),
    counted(`i % ${EVENTS_PER_APPEND} + 1`),
    ids(events),
    joined(':type'),
    `array_fill(1::smallint, ARRAY[${events}])`,
    joined(':data'),
    joined(':meta'),
  ];
  return `SELECT * FROM es.append_batch(${values.join(', ')});`;
}

export interface PgbenchRun {
  readonly clients: number;
  readonly seconds: number;
  /** How many appends go together, through es.append_batch. Without it each is an INSERT of its own. */
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
    await writeFile(join(this.folder, 'append.sql'), batch === undefined ? insert : callOfBatch(batch));
    const prefix = `log-${Date.now()}`;
    const variables = [`type=${TYPE}`, `data=${DATA}`, `meta=${META}`].flatMap((one) => ['-D', one]);
    const load = ['-c', String(clients), '-j', String(Math.min(clients, 2)), '-T', String(seconds)];
    const logging = ['-l', `--log-prefix=${prefix}`];
    const args = ['-n', '-M', 'prepared', '-f', 'append.sql', ...load, ...logging, ...variables, this.url];
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
