import { freePort, placeFor } from '@loa/local-postgres';
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');
const START_WITHIN_MS = 120_000;

/** `npm start` as its own process, on a folder and a port of its own. */
export class StandaloneProcess {
  private child: ChildProcess | undefined;
  private output = '';

  private constructor(
    readonly folder: string,
    private readonly port: number,
  ) {}

  static async prepare(): Promise<StandaloneProcess> {
    return new StandaloneProcess(await mkdtemp(join(tmpdir(), 'loa-standalone-')), await freePort());
  }

  /** Another one on the same folder. */
  static async beside(other: StandaloneProcess): Promise<StandaloneProcess> {
    return new StandaloneProcess(other.folder, await freePort());
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** What it has printed since its last start. */
  get printed(): string {
    return this.output;
  }

  /** Starts it, and waits until it prints where it is. @returns seconds that took @throws when it ends before */
  async start(...flags: string[]): Promise<number> {
    const started = Date.now();
    await this.run('Ctrl-C stops it.', flags);
    return (Date.now() - started) / 1000;
  }

  /** Starts it, and kills it (SIGKILL) a moment after it has printed these words. */
  async cutShort(words: string, ...flags: string[]): Promise<void> {
    await this.run(words, flags);
    await pause(500);
    await this.end('SIGKILL');
  }

  private async run(until: string, flags: readonly string[]): Promise<void> {
    const { scripts } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    // The very words of the script, without npm in between, so that signals reach the process itself.
    const [command, ...args] = scripts['start']!.split(' ');
    this.output = '';
    const child = spawn(command!, [...args, ...flags], {
      cwd: root,
      env: {
        ...process.env,
        LOA_HOME: this.folder,
        LOA_HTTP_PORT: String(this.port),
        NODE_OPTIONS: '',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child = child;
    await new Promise<void>((resolve, reject) => {
      const late = setTimeout(
        () => reject(new Error(`not started in time:\n${this.output}`)),
        START_WITHIN_MS,
      );
      const read = (chunk: Buffer) => {
        this.output += chunk.toString();
        if (!this.output.includes(until)) return;
        clearTimeout(late);
        resolve();
      };
      child.stdout.on('data', read);
      child.stderr.on('data', read);
      child.once('exit', (code) => {
        clearTimeout(late);
        reject(new Error(`ended with ${code}:\n${this.output}`));
      });
    });
  }

  /** @returns the exit code; null after SIGKILL */
  async end(signal: 'SIGINT' | 'SIGTERM' | 'SIGKILL' = 'SIGINT'): Promise<number | null> {
    const child = this.child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null;
    const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
    child.kill(signal);
    return ended;
  }

  /** Ends it and removes its folder. */
  async discard(): Promise<void> {
    await this.end('SIGTERM');
    await rm(await placeFor(join(this.folder, 'postgres')), { recursive: true, force: true });
    await rm(this.folder, { recursive: true, force: true });
  }
}
