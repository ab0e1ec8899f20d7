export interface NodePlan {
  /** From 1. */
  readonly id: number;
  readonly port: number;
  readonly controllerPort: number;
  /** What it tells clients and the other brokers to connect to; its own port when left out. */
  readonly advertisedPort?: number;
}

/** server.properties of one node that is broker and controller at once. Everything is bound to loopback. */
export function brokerSettings(node: NodePlan, all: readonly NodePlan[], data: string): string {
  const alone = all.length === 1;
  const copies = Math.min(3, all.length);
  const settings: Record<string, string | number> = {
    'process.roles': 'broker,controller',
    'node.id': node.id,
    'controller.quorum.voters': all
      .map(({ id, controllerPort }) => `${id}@127.0.0.1:${controllerPort}`)
      .join(','),
    listeners: `PLAINTEXT://127.0.0.1:${node.port},CONTROLLER://127.0.0.1:${node.controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${node.advertisedPort ?? node.port}`,
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'PLAINTEXT',
    'log.dirs': data,
    'offsets.topic.replication.factor': copies,
    'offsets.topic.num.partitions': 4,
    'transaction.state.log.replication.factor': copies,
    'transaction.state.log.min.isr': alone ? 1 : 2,
    'transaction.state.log.num.partitions': 4,
    // 3 s by default, and the first thing that every test would wait for.
    'group.initial.rebalance.delay.ms': 0,
    // 5 ms by default in Kafka 4: an awaited offset commit would cost 10 ms.
    'group.coordinator.append.linger.ms': 0,
    'auto.create.topics.enable': 'false',
    // A killed broker is noticed in 3 s and not in 9, and it may come back only then: tests kill brokers.
    'broker.session.timeout.ms': 3_000,
    'broker.heartbeat.interval.ms': 500,
    ...(alone ? {} : { 'min.insync.replicas': 2 }),
  };
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}
