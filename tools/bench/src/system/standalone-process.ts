import { freePort, placeFor } from '@loa/local-postgres';
import { spawn, type ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { endProcess } from './end-process.js';
import { removeFolder, temporaryFolder } from './folder.js';
import { root } from './root.js';

const STARTS_WITHIN_MS = 180_000;
const READY = 'Ctrl-C stops it.';

/** `npm start` as a process of its own, with the seeded world, on a folder and a port of its own. */
export class StandaloneProcess {
  private constructor(
    private readonly child: ChildProcess,
    private readonly folder: string,
    /** Where its PostgreSQL lives: not below the folder when the account of the server may not go there. */
    private readonly postgres: string,
    readonly url: string,
  ) {}

  static async start(): Promise<StandaloneProcess> {
    const folder = await temporaryFolder('standalone');
    const place = await placeFor(join(folder, 'postgres'));
    const port = await freePort();
    // The very words of the script, without npm in between, so that signals reach the process itself.
    const { scripts } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    const [command, ...args] = scripts['start']!.split(' ');
    const child = spawn(command!, args, {
      cwd: root,
      env: { PATH: process.env['PATH'], LOA_HOME: folder, LOA_HTTP_PORT: String(port) },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const started = new StandaloneProcess(child, folder, place, `http://127.0.0.1:${port}`);
    try {
      await untilReady(child);
      return started;
    } catch (error) {
      await started.discard();
      throw error;
    }
  }

  get pid(): number {
    return this.child.pid!;
  }

  /** As superuser, to one of its databases. */
  async adminUrl(database: string): Promise<string> {
    const password = (await readFile(join(this.postgres, 'superuser-password'), 'utf8')).trim();
    const { port } = await this.postmaster();
    return `postgres://postgres:${password}@127.0.0.1:${port}/${database}`;
  }

  /** The server's own word on where it is: its pid is the first line of this file, its port the fourth. */
  async postmaster(): Promise<{ pid: number; port: number }> {
    const lines = (await readFile(join(this.postgres, 'data', 'postmaster.pid'), 'utf8')).split('\n');
    return { pid: Number(lines[0]), port: Number(lines[3]) };
  }

  get postgresLog(): string {
    return join(this.postgres, 'log');
  }

  /** Ends it and removes its folders. */
  async discard(): Promise<void> {
    await endProcess(this.child);
    for (const folder of [this.postgres, this.folder]) await removeFolder(folder);
  }
}

async function untilReady(child: ChildProcess): Promise<void> {
  let output = '';
  await new Promise<void>((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`not started in time:\n${output}`)), STARTS_WITHIN_MS);
    const read = (chunk: Buffer) => {
      output += chunk.toString();
      if (!output.includes(READY)) return;
      clearTimeout(late);
      resolve();
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('exit', (code) => {
      clearTimeout(late);
      reject(new Error(`npm start ended with ${code}:\n${output}`));
    });
  });
}
