import { writePlan, type FailPointName, type PlannedFailure } from '@loa/fail-points';
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { MemberName } from '../schedule/schedule.js';
import type { Word } from '../world/plans.js';

const RESTART_AFTER_MS = 30;
const FAKE_TIME = ['x86_64', 'aarch64']
  .map((machine) => `/usr/lib/${machine}-linux-gnu/faketime/libfaketimeMT.so.1`)
  .find((path) => existsSync(path));

/** Whether a process can be given a clock of its own: Debian's package faketime is installed. */
export const clocksCanJump = (): boolean => FAKE_TIME !== undefined;

export interface MemberOptions {
  readonly name: MemberName;
  readonly plan: unknown;
  /** For its log and its clock. */
  readonly folder: string;
  /** One for each start; after the last: none. */
  readonly failures: readonly PlannedFailure[];
  /** With a clock of its own. It is slower then. */
  readonly ownClock: boolean;
  readonly onWord: (word: Word) => void;
  /** It froze itself, at a point where it was planned to. */
  readonly onStopped: () => void;
  /** It ended, however. */
  readonly onEnded: () => void;
}

/** One process of the world, started again whenever it dies. */
export class Member {
  readonly counts = { kills: 0, starts: 0 };
  /** Ends that nobody wished for: exit codes. A process should survive everything but a kill. */
  readonly crashes: string[] = [];
  /** The fail points at which it was killed or frozen, as it was planned. */
  readonly tripped: FailPointName[] = [];
  private child: ChildProcess | undefined;
  private planned: PlannedFailure | undefined;
  /** By whoever runs the world, not by itself. */
  private killed = false;
  private ended: Promise<void> = Promise.resolve();
  private held = false;
  private disarmed = false;
  private frozen = false;
  private finishing = false;
  private done = false;

  constructor(private readonly options: MemberOptions) {
    if (options.ownClock) this.setClock(0);
  }

  get name(): MemberName {
    return this.options.name;
  }

  /** True when it was told to finish, and has. */
  get finished(): boolean {
    return this.done;
  }

  /** True until it is thawed, or dies and is started again. */
  get isFrozen(): boolean {
    return this.frozen;
  }

  start(): void {
    const { name, folder, failures, plan } = this.options;
    const failure = this.disarmed ? undefined : failures[this.counts.starts];
    this.counts.starts += 1;
    this.planned = failure;
    this.killed = false;
    const log = openSync(join(folder, `${name}.log`), 'a');
    const child = spawn(process.execPath, [scriptOf(name), JSON.stringify(plan)], {
      env: {
        PATH: process.env['PATH'],
        ...(failure && { LOA_FAIL_POINTS: writePlan([failure]) }),
        ...(this.options.ownClock && clockOf(this.clockFile)),
      },
      stdio: ['ignore', log, log, 'ipc'],
    });
    this.child = child;
    this.frozen = false;
    child.on('message', (word) => this.options.onWord(word as Word));
    child.on('error', () => undefined);
    this.ended = new Promise((resolve) => child.once('exit', resolve)).then(() => this.onEnd(child));
    if (this.finishing) this.finish();
  }

  /** SIGKILL; it comes back by itself unless it is held. */
  async kill({ hold = false } = {}): Promise<void> {
    if (this.held) return;
    this.held = hold;
    this.killed = true;
    if (this.child?.exitCode === null) this.child.kill('SIGKILL');
    await this.ended;
  }

  /** After {@link kill} with `hold`. */
  release(): void {
    if (!this.held) return;
    this.held = false;
    this.start();
  }

  freeze(): void {
    this.frozen = true;
    this.child?.kill('SIGSTOP');
  }

  thaw(): void {
    this.frozen = false;
    this.child?.kill('SIGCONT');
  }

  async freezeFor(ms: number): Promise<void> {
    this.freeze();
    await pause(ms);
    this.thaw();
  }

  /** Its clock is so many hours off from now on. */
  setClock(hours: number): void {
    writeFileSync(this.clockFile, `${hours < 0 ? '' : '+'}${hours}h\n`);
  }

  /** From now on it trips over nothing any more, and nothing is wrong with it. */
  heal(): void {
    this.disarmed = true;
    if (this.options.ownClock) this.setClock(0);
    this.thaw();
    this.release();
  }

  /** It is to come to an end when it has done what it has begun. */
  finish(): void {
    this.finishing = true;
    if (this.child?.connected) this.child.send('finish', () => undefined);
  }

  /** For good. */
  async end(): Promise<void> {
    this.held = true;
    this.killed = true;
    if (this.child?.exitCode === null && this.child.signalCode === null) this.child.kill('SIGKILL');
    await this.ended;
  }

  /** To be asked now and then: sees that it froze itself, which no event tells. */
  look(): void {
    const pid = this.child?.pid;
    if (pid === undefined || this.frozen || this.child?.exitCode !== null) return;
    if (stateOf(pid) !== 'T') return;
    this.frozen = true;
    this.trip();
    this.options.onStopped();
  }

  private async onEnd(child: ChildProcess): Promise<void> {
    this.options.onEnded();
    if (child.signalCode === 'SIGKILL') {
      this.counts.kills += 1;
      if (!this.killed) this.trip();
    } else if (child.exitCode === 0 && this.finishing) {
      this.done = true;
      return;
    } else this.crashes.push(`${this.name} ended with ${child.exitCode ?? child.signalCode}`);
    if (this.held) return;
    await pause(RESTART_AFTER_MS);
    if (!this.held && this.child === child) this.start();
  }

  private trip(): void {
    if (this.planned) this.tripped.push(this.planned.name);
    this.planned = undefined;
  }

  private get clockFile(): string {
    return join(this.options.folder, `${this.options.name}.clock`);
  }
}

function scriptOf(name: MemberName): string {
  // Run from its sources or from what was built.
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const kind = name.replace(/-.*/, '');
  const path = fileURLToPath(new URL(`../world/${kind}-process.${extension}`, import.meta.url));
  return extension === 'ts' ? path.replace(/\/src\/(.*)\.ts$/, '/dist/$1.js') : path;
}

/** Only the time of day is made up: with the other clocks a program is as good as frozen. */
const clockOf = (file: string) => ({
  LD_PRELOAD: FAKE_TIME,
  FAKETIME_TIMESTAMP_FILE: file,
  FAKETIME_CACHE_DURATION: '1',
  FAKETIME_DONT_FAKE_MONOTONIC: '1',
});

/** As Linux tells it: R, S, T… */
function stateOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2)[0];
  } catch {
    return undefined;
  }
}
