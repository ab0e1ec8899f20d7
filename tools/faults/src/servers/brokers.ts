import { LocalKafka, createTopics } from '@loa/kafka';
import { heartbeatTopic } from '@loa/transport';
import type { KafkaKind } from '../schedule/schedule.js';
import { Proxy } from './proxy.js';

export const PARTITIONS = 4;

/** The brokers of all runs, each with a proxy before it, through which everybody reaches it, also the other brokers. */
export class Brokers {
  private turn: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly kafka: LocalKafka,
    private readonly nodes: 1 | 3,
    private readonly proxies: readonly Proxy[],
  ) {}

  static async start(kind: Exclude<KafkaKind, 'none'>): Promise<Brokers> {
    const nodes = kind === 'one' ? 1 : 3;
    const proxies: Proxy[] = [];
    const advertise = async (port: number) => {
      const proxy = await Proxy.open(port);
      proxies.push(proxy);
      return proxy.port;
    };
    return new Brokers(await LocalKafka.start({ nodes, advertise }), nodes, proxies);
  }

  get addresses(): readonly string[] {
    return this.kafka.brokers;
  }

  /** With that of the heartbeats of those who publish to it. */
  async createTopic(name: string): Promise<void> {
    const config: Record<string, string> = this.nodes === 3 ? { 'min.insync.replicas': '2' } : {};
    const common = { replicas: this.nodes, config };
    await createTopics(this.addresses, [
      { ...common, name, partitions: PARTITIONS },
      { ...common, name: heartbeatTopic(name), partitions: 1 },
    ]);
  }

  /** Power cut of one, which comes back after a while. */
  kill(node: number, down: () => Promise<void>): Promise<void> {
    return this.inTurn(async () => {
      await this.kafka.kill(node);
      await down();
      await this.kafka.restart(node);
    });
  }

  /** One hands its partitions over, goes and comes back. */
  restart(node: number): Promise<void> {
    return this.inTurn(() => this.kafka.restart(node));
  }

  /** See {@link Proxy.cutWhileDeaf}: all connections to all brokers. */
  async cutWhileDeaf(ms: number): Promise<void> {
    await Promise.all(this.proxies.map((proxy) => proxy.cutWhileDeaf(ms)));
  }

  /** See {@link Proxy.holdBack}. */
  async holdBack(ms: number): Promise<void> {
    await Promise.all(this.proxies.map((proxy) => proxy.holdBack(ms)));
  }

  /** Resolves when nobody is being restarted any more. */
  async whole(): Promise<void> {
    await this.turn;
  }

  async close(): Promise<void> {
    await this.turn;
    await this.kafka.stop();
    await Promise.all(this.proxies.map((proxy) => proxy.close()));
  }

  private inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.turn.then(work);
    this.turn = done.catch(() => undefined);
    return done;
  }
}
