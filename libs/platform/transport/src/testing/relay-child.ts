import type { FailPointName } from '@loa/fail-points';
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { LeaseTimes } from '../relay-lease.js';
import { TEST_PARTITIONS } from './carriers.js';
import type { RelayProcessPlan, RelayProcessWord } from './relay-process.js';
import type { TestSource } from './test-source.js';

const run = promisify(execFile);
const script = fileURLToPath(new URL('./relay-process.ts', import.meta.url));
const flags = ['--conditions=@loa/source', '--import', '@swc-node/register/esm-register'];

export interface RelayChildOptions {
  readonly lease?: LeaseTimes;
  /** Freezes itself at each of them when it passes there for the n-th time. */
  readonly freezesAt?: readonly `${FailPointName}:${number}`[];
}

/** A relay as a process of its own. Whoever starts one ends it with SIGKILL. */
export class RelayChild {
  last: RelayProcessWord = { leads: false, stepDowns: 0 };
  private readonly child: ChildProcess;

  constructor(
    brokers: readonly string[],
    source: TestSource,
    { lease, freezesAt = [] }: RelayChildOptions = {},
  ) {
    const plan: RelayProcessPlan = {
      source: source.name,
      connectionString: source.access.runtime,
      kafka: { brokers, clientId: 'loa-test-child', pace: 'local' },
      topic: source.topic,
      partitions: TEST_PARTITIONS,
      ...(lease && { lease }),
    };
    const { NODE_ENV: _, ...env } = process.env;
    const failPoints = freezesAt.map((point) => point.replace(':', ':stop@')).join();
    this.child = spawn(process.execPath, [...flags, script, JSON.stringify(plan)], {
      env: { ...env, LOA_FAIL_POINTS: failPoints },
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    this.child.on('message', (word) => (this.last = word as RelayProcessWord));
  }

  signal(signal: 'SIGSTOP' | 'SIGCONT' | 'SIGKILL'): void {
    this.child.kill(signal);
  }

  /** Stopped by a signal and not continued. */
  async frozen(): Promise<boolean> {
    const { stdout } = await run('ps', ['-o', 'stat=', '-p', String(this.child.pid)]);
    return stdout.trim().startsWith('T');
  }
}
