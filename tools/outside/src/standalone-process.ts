import { freePort } from '@loa/free-ports';
import { placeFor } from '@loa/local-postgres';
import { eventually } from '@loa/testing';
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { endProcess } from './end-process.js';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');
const STARTS_WITHIN_MS = 180_000;
/** The last words of a start. */
const READY = 'Ctrl-C stops it.';

/** `npm start` as a process of its own, on a folder and a port of its own. */
export class StandaloneProcess {
  private child: ChildProcess | undefined;
  private output = '';

  private constructor(
    readonly folder: string,
    /** Where its PostgreSQL lives: not below the folder when the account of the server may not go there. */
    private readonly postgres: string,
    private readonly port: number,
  ) {}

  /** On an empty folder; nothing is started yet. */
  static async prepare(): Promise<StandaloneProcess> {
    return StandaloneProcess.on(await mkdtemp(join(tmpdir(), 'loa-standalone-')));
  }

  /** Another one on the same folder. */
  static beside(other: StandaloneProcess): Promise<StandaloneProcess> {
    return StandaloneProcess.on(other.folder);
  }

  private static async on(folder: string): Promise<StandaloneProcess> {
    return new StandaloneProcess(folder, await placeFor(join(folder, 'postgres')), await freePort());
  }

  /** Of the gateway, without a path. */
  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get pid(): number {
    return this.child!.pid!;
  }

  /** What it has printed since its last start. */
  get printed(): string {
    return this.output;
  }

  get postgresLog(): string {
    return join(this.postgres, 'log');
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

  /** Starts it, and waits until it prints where it is. @returns seconds that took @throws when it ends before */
  async start(...flags: string[]): Promise<number> {
    const started = Date.now();
    await this.run(READY, flags);
    return (Date.now() - started) / 1000;
  }

  /** Starts it, and kills it (SIGKILL) once it has printed these words and then come as far as the check wants it. */
  async cutShort(words: string, reached: () => Promise<void>): Promise<void> {
    await this.run(words, []);
    await eventually(reached);
    await this.end('SIGKILL');
  }

  /** Ends it and waits for that. @returns the exit code; null when a signal ended it */
  async end(signal: 'SIGINT' | 'SIGTERM' | 'SIGKILL' = 'SIGINT'): Promise<number | null> {
    return this.child ? endProcess(this.child, signal) : null;
  }

  /** Ends it, and the PostgreSQL that a kill may have left behind, and removes its folders. */
  async discard(): Promise<void> {
    await this.end('SIGTERM');
    // Gone together with a Loa that could say goodbye.
    const left = await this.postmaster().catch(() => undefined);
    if (left) process.kill(left.pid, 'SIGQUIT');
    for (const folder of [this.postgres, this.folder])
      await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }

  private async run(until: string, flags: readonly string[]): Promise<void> {
    // The very words of the script, without npm in between, so that signals reach the process itself.
    const { scripts } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    const [command, ...args] = scripts['start']!.split(' ');
    this.output = '';
    this.child = spawn(command!, [...args, ...flags], {
      cwd: root,
      // All it gets to know: nothing else of this process's environment is handed on.
      env: { PATH: process.env['PATH'], LOA_HOME: this.folder, LOA_HTTP_PORT: String(this.port) },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    await this.hasPrinted(until, this.child);
  }

  private hasPrinted(words: string, child: ChildProcess): Promise<void> {
    return new Promise((resolve, reject) => {
      const late = setTimeout(
        () => reject(new Error(`not started in time:\n${this.output}`)),
        STARTS_WITHIN_MS,
      );
      const read = (chunk: Buffer) => {
        this.output += chunk.toString();
        if (!this.output.includes(words)) return;
        clearTimeout(late);
        resolve();
      };
      child.stdout?.on('data', read);
      child.stderr?.on('data', read);
      child.once('exit', (code) => {
        clearTimeout(late);
        reject(new Error(`npm start ended with ${code}:\n${this.output}`));
      });
    });
  }
}
