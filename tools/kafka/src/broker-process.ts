import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, open, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Kafka, logLevel } from 'kafkajs';
import { brokerSettings, type NodePlan } from './broker-settings.js';
import { classPath, java } from './jars.js';
import { commandLine, killGroup } from './processes.js';

const run = promisify(execFile);
const START_WITHIN_MS = 60_000;
const STOP_WITHIN_MS = 15_000;
const jvm = ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn'];

/** One node: its folder holds server.properties, the data, the log and, while it runs, its process id. */
export class BrokerProcess {
  private child: ChildProcess | undefined;
  private ended: Promise<void> = Promise.resolve();

  constructor(
    readonly plan: NodePlan,
    private readonly home: string,
    private readonly all: readonly NodePlan[],
  ) {}

  /** For clients. */
  get address(): string {
    return `127.0.0.1:${this.plan.advertisedPort ?? this.plan.port}`;
  }

  /** Writes the settings, and once per folder the data format. A broker that an interrupted run left here is ended. */
  async prepare(clusterId: string): Promise<void> {
    await mkdir(this.home, { recursive: true });
    await this.endLeftover();
    await writeFile(this.settings, brokerSettings(this.plan, this.all, this.data));
    if (existsSync(join(this.data, 'meta.properties'))) return;
    const args = ['kafka.tools.StorageTool', 'format', '-t', clusterId, '-c', this.settings];
    await run(java(), [...jvm, '-cp', await classPath(), ...args]);
  }

  /** Resolves when the broker answers. */
  async start(): Promise<void> {
    const log = await open(join(this.home, 'log'), 'a');
    const heap = this.all.length === 1 ? '384m' : '320m';
    const args = ['-Xms128m', `-Xmx${heap}`, ...jvm, '-cp', await classPath(), 'kafka.Kafka', this.settings];
    // A process group of its own: Ctrl-C reaches us first, and clients can say goodbye to a broker that is still there.
    const child = spawn(java(), args, { detached: true, stdio: ['ignore', log.fd, log.fd] });
    this.child = child;
    this.ended = new Promise((resolve) => child.once('close', () => resolve()));
    child.once('error', () => undefined);
    await log.close();
    if (child.pid !== undefined) await writeFile(this.pidFile, String(child.pid));
    child.unref();
    await this.untilItAnswers(child);
  }

  /** SIGTERM lets it hand over and write all; SIGKILL is the power cut. Resolves when the process is gone. */
  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const pid = this.child?.pid;
    if (pid !== undefined && this.running) {
      killGroup(pid, signal);
      const late = new AbortController();
      void pause(STOP_WITHIN_MS, undefined, { signal: late.signal, ref: false }).then(
        () => killGroup(pid, 'SIGKILL'),
        () => undefined,
      );
      this.child?.ref();
      await this.ended;
      late.abort();
    }
    await rm(this.pidFile, { force: true });
  }

  private get running(): boolean {
    return this.child !== undefined && this.child.exitCode === null && this.child.signalCode === null;
  }

  private async untilItAnswers(child: ChildProcess): Promise<void> {
    const kafka = new Kafka({
      brokers: [`127.0.0.1:${this.plan.port}`],
      logLevel: logLevel.NOTHING,
      connectionTimeout: 1_000,
      requestTimeout: 5_000,
      retry: { retries: 0 },
    });
    const deadline = Date.now() + START_WITHIN_MS;
    for (;;) {
      if (child.exitCode !== null || child.pid === undefined)
        throw await this.failure('ended while it was starting');
      if (Date.now() > deadline)
        throw await this.failure(`did not answer within ${START_WITHIN_MS / 1_000} s`);
      const admin = kafka.admin();
      try {
        await admin.connect();
        const { brokers } = await admin.describeCluster();
        if (brokers.some(({ nodeId }) => nodeId === this.plan.id)) return;
      } catch {
        // Not listening yet.
      } finally {
        await admin.disconnect().catch(() => undefined);
      }
      await pause(50);
    }
  }

  private async failure(what: string): Promise<Error> {
    const log = await readFile(join(this.home, 'log'), 'utf8').catch(() => '');
    return new Error(`Kafka node ${this.plan.id} ${what}: ${log.slice(-2_000)}`);
  }

  private async endLeftover(): Promise<void> {
    const pid = Number(await readFile(this.pidFile, 'utf8').catch(() => '0'));
    const ours = async () => pid > 1 && (await commandLine(pid)).includes(this.settings);
    if (await ours()) killGroup(pid, 'SIGKILL');
    while (await ours()) await pause(20);
    await rm(this.pidFile, { force: true });
  }

  private get settings(): string {
    return join(this.home, 'server.properties');
  }

  private get data(): string {
    return join(this.home, 'data');
  }

  private get pidFile(): string {
    return join(this.home, 'pid');
  }
}
