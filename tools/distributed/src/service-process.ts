import { endProcess } from '@loa/outside';
import { spawn, type ChildProcess } from 'node:child_process';
import { openSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

export interface ServicePlan {
  readonly name: string;
  /** The built entry point. */
  readonly script: string;
  readonly port: number;
  /** All it gets to know: nothing of this process's environment is handed on. */
  readonly environment: Readonly<Record<string, string>>;
}

const READY_WITHIN_MS = 60_000;

/** One service as its own process, with its log in a file. */
export class ServiceProcess {
  private child: ChildProcess | undefined;

  constructor(
    private readonly plan: ServicePlan,
    private readonly folder: string,
  ) {}

  get url(): string {
    return `http://127.0.0.1:${this.plan.port}`;
  }

  get log(): string {
    return join(this.folder, `${this.plan.name}.log`);
  }

  /** Starts it and waits until it says that it is ready. @throws when it ends, or is not ready within a minute */
  async start(): Promise<void> {
    this.spawn();
    const deadline = Date.now() + READY_WITHIN_MS;
    for (;;) {
      if (this.child?.exitCode !== null)
        throw new Error(`${this.plan.name} ended at its start: see ${this.log}`);
      if (await this.ready()) return;
      if (Date.now() > deadline) throw new Error(`${this.plan.name} is not ready: see ${this.log}`);
      await pause(50);
    }
  }

  /** Starts it without waiting, as after a crash. */
  spawn(): void {
    const log = openSync(this.log, 'a');
    this.child = spawn(process.execPath, ['--enable-source-maps', this.plan.script], {
      env: { PATH: process.env['PATH'] ?? '', ...this.plan.environment },
      stdio: ['ignore', log, log],
    });
  }

  async ready(): Promise<boolean> {
    return fetch(`${this.url}/health/ready`, { signal: AbortSignal.timeout(2_000) }).then(
      ({ ok }) => ok,
      () => false,
    );
  }

  /**
   * Ends it and waits for that; SIGTERM lets it finish what it has begun.
   * @returns its exit code; null when a signal ended it, also because it did not heed SIGTERM
   */
  async end(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<number | null> {
    return this.child ? endProcess(this.child, signal) : null;
  }
}
