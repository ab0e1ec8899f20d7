import { createTopics, type Topic } from '@loa/kafka';
import type { EventTransport } from '../event-transport.js';
import { heartbeatTopic } from '../kafka-settings.js';
import { KafkaTransport } from '../kafka-transport.js';
import { LogTransport } from '../log-transport.js';
import { Relay } from '../relay.js';
import type { LeaseTimes } from '../relay-lease.js';
import type { TestSource } from './test-source.js';

/** Fewer than in production, so that a partition holds many streams. */
export const TEST_PARTITIONS = 4;

/** Everything between a log and its readers, started. */
export interface Carriage {
  readonly transport: EventTransport;
  readonly relays: readonly Relay[];
  close(): Promise<void>;
}

export interface Carrier {
  readonly name: 'log' | 'kafka';
  /** In how many partitions a source is handed over. */
  readonly partitions: number;
  /** May be called again for the same sources after `close`: then it goes on. */
  open(sources: readonly TestSource[]): Promise<Carriage>;
}

export interface Failures {
  readonly errors: unknown[];
  readonly onError: (error: unknown) => void;
}

export function collectFailures(): Failures {
  const errors: unknown[] = [];
  return { errors, onError: (error) => errors.push(error) };
}

export const logCarrier: Carrier = {
  name: 'log',
  partitions: 1,
  open: async (sources) => {
    const transport = new LogTransport(
      Object.fromEntries(sources.map(({ name, store }) => [name, store])),
      () => undefined,
    );
    return { transport, relays: [], close: () => transport.close() };
  },
};

export function kafkaCarrier(brokers: readonly string[]): Carrier {
  return {
    name: 'kafka',
    partitions: TEST_PARTITIONS,
    open: async (sources) => {
      await createTestTopics(brokers, sources);
      const relays = sources.map((source) => startRelay(brokers, source));
      const transport = openKafkaTransport(brokers, sources);
      return {
        transport,
        relays,
        close: async () => {
          await Promise.all([transport.close(), ...relays.map((relay) => relay.close())]);
        },
      };
    },
  };
}

export async function createTestTopics(
  brokers: readonly string[],
  sources: readonly TestSource[],
): Promise<void> {
  await createTopics(
    brokers,
    sources.flatMap(({ topic }) => topicsOf(topic)),
  );
}

/** What a relay that publishes to a topic needs. @param events the name of that topic */
export function topicsOf(events: string, settings: Partial<Topic> = {}): Topic[] {
  const common = { replicas: 1, config: {}, ...settings };
  return [
    { ...common, name: events, partitions: TEST_PARTITIONS },
    { ...common, name: heartbeatTopic(events), partitions: 1 },
  ];
}

export function openKafkaTransport(
  brokers: readonly string[],
  sources: readonly TestSource[],
  onError: (error: unknown) => void = () => undefined,
): KafkaTransport {
  const topics = new Map(sources.map(({ name, topic }) => [name, topic]));
  return new KafkaTransport({
    kafka: { brokers, clientId: 'loa-test', pace: 'local' },
    topicOf: (source) => topics.get(source)!,
    partitions: TEST_PARTITIONS,
    onError,
  });
}

export function startRelay(
  brokers: readonly string[],
  source: TestSource,
  {
    onError = () => undefined,
    partitions = TEST_PARTITIONS,
    lease,
  }: { onError?: (error: unknown) => void; partitions?: number; lease?: LeaseTimes } = {},
): Relay {
  return Relay.start({
    source: source.name,
    store: source.store,
    connectionString: source.access.runtime,
    kafka: { brokers, clientId: 'loa-test-relay', pace: 'local' },
    topic: source.topic,
    partitions,
    ...(lease && { lease }),
    onError,
  });
}
