import { freePorts, isFree } from '@loa/free-ports';
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { BrokerProcess } from './broker-process.js';
import type { NodePlan } from './broker-settings.js';
import { classPath, whyNot } from './jars.js';
import { killGroup, watchOver } from './processes.js';

export interface LocalKafkaOptions {
  /** Kept between runs. Without it a folder of its own, thrown away at the end. */
  readonly folder?: string;
  /** 1 (replication factor 1) or 3 (replication factor 3, two in-sync replicas). */
  readonly nodes?: 1 | 3;
  /** Port of the first broker, when it must be known beforehand; the ports after it are used too. */
  readonly port?: number;
  /** For each broker the port that it tells others to connect to, e.g. of a proxy before it; asked before any starts. */
  readonly advertise?: (port: number) => Promise<number>;
}

export type Availability = { readonly available: true } | { readonly available: false; readonly why: string };

/** A real Apache Kafka on loopback, without Docker: one JVM a node, each broker and controller at once. */
export class LocalKafka {
  private constructor(
    private readonly folder: string,
    private readonly throwAway: boolean,
    private readonly nodes: readonly BrokerProcess[],
    private readonly watcher: ChildProcess,
  ) {}

  /** Whether this machine has what it takes; the reason is a sentence for people. */
  static async available(): Promise<Availability> {
    const why = await whyNot();
    return why === undefined ? { available: true } : { available: false, why };
  }

  /** @throws when Java or Maven is missing, a port is taken, or a node does not answer within a minute. */
  static async start({ folder, nodes = 1, port, advertise }: LocalKafkaOptions = {}): Promise<LocalKafka> {
    const state = await LocalKafka.available();
    if (!state.available) throw new Error(state.why);
    await classPath();
    const home = folder === undefined ? await mkdtemp(join(tmpdir(), 'loa-kafka-')) : resolve(folder);
    await mkdir(home, { recursive: true });
    const clusterId = await clusterIdOf(home);
    const plans = await advertised(await plan(nodes, port), advertise);
    const brokers = plans.map((node) => new BrokerProcess(node, join(home, `node-${node.id}`), plans));
    const watcher = watchOver(home, { remove: folder === undefined });
    const kafka = new LocalKafka(home, folder === undefined, brokers, watcher);
    try {
      await Promise.all(brokers.map((broker) => broker.prepare(clusterId)));
      if (port !== undefined) await assertFree(plans);
      await Promise.all(brokers.map((broker) => broker.start()));
    } catch (error) {
      await kafka.stop();
      throw error;
    }
    return kafka;
  }

  /** Addresses for a client, `127.0.0.1:port`, as the brokers tell them. */
  get brokers(): string[] {
    return this.nodes.map(({ address }) => address);
  }

  /** SIGKILL, as a power cut. Nodes count from 1. */
  async kill(node: number): Promise<void> {
    await this.node(node).end('SIGKILL');
  }

  /** Starts a node again on its port and data, and ends it first (SIGTERM) when it runs. */
  async restart(node: number): Promise<void> {
    await this.node(node).end('SIGTERM');
    await this.node(node).start();
  }

  /** Ends all nodes, and removes the folder when it was only lent. */
  async stop(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.end('SIGTERM')));
    if (this.watcher.pid !== undefined) killGroup(this.watcher.pid, 'SIGKILL');
    if (this.throwAway) await rm(this.folder, { recursive: true, force: true });
  }

  private node(id: number): BrokerProcess {
    const node = this.nodes[id - 1];
    if (!node)
      throw new RangeError(`there is no Kafka node ${id}: they count from 1 to ${this.nodes.length}`);
    return node;
  }
}

async function plan(nodes: number, first: number | undefined): Promise<NodePlan[]> {
  const ports =
    first === undefined
      ? await freePorts(nodes * 2)
      : Array.from({ length: nodes * 2 }, (_, index) => first + index);
  return Array.from({ length: nodes }, (_, index) => ({
    id: index + 1,
    port: ports[index]!,
    controllerPort: ports[nodes + index]!,
  }));
}

async function advertised(
  plans: readonly NodePlan[],
  advertise: LocalKafkaOptions['advertise'],
): Promise<readonly NodePlan[]> {
  if (!advertise) return plans;
  return Promise.all(plans.map(async (node) => ({ ...node, advertisedPort: await advertise(node.port) })));
}

async function assertFree(plans: readonly NodePlan[]): Promise<void> {
  for (const port of plans.flatMap((node) => [node.port, node.controllerPort])) {
    if (!(await isFree(port))) throw new Error(`port ${port} is in use: is another Kafka running?`);
  }
}

/** The data of a folder belongs to one cluster id for good. */
async function clusterIdOf(home: string): Promise<string> {
  const file = join(home, 'cluster-id');
  const known = await readFile(file, 'utf8').catch(() => undefined);
  if (known !== undefined) return known;
  // StorageTool would take an id that begins with "-" for an option.
  let fresh = '-';
  while (fresh.startsWith('-')) fresh = randomBytes(16).toString('base64url');
  await writeFile(file, fresh);
  return fresh;
}
