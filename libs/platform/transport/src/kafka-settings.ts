import {
  Kafka,
  logLevel,
  type ConsumerConfig,
  type KafkaConfig,
  type LogEntry,
  type ProducerConfig,
  type SASLOptions,
} from 'kafkajs';

/** How to reach the brokers. */
export interface KafkaAddress {
  /** `host:port` of some of them; they name the others. */
  readonly brokers: readonly string[];
  /** Shown in the brokers' logs and quotas, e.g. `loa-planning`. */
  readonly clientId: string;
  readonly ssl?: NonNullable<KafkaConfig['ssl']>;
  readonly sasl?: SASLOptions;
  /** `local`: failures are noticed in seconds; for a laptop and for tests. `production` is the default. */
  readonly pace?: 'local' | 'production';
}

/** All events of a context are in one topic. @param prefix sets apart systems that share brokers */
export const eventsTopic = (source: string, prefix = 'loa'): string => `${prefix}.${source}.events`;

/** Where the relay that fills a topic says that it has nothing left to publish: `x.heartbeat` for `x.events`. */
export const heartbeatTopic = (events: string): string => `${events.replace(/\.events$/, '')}.heartbeat`;

/** Partitions of every event topic, as infra/kafka/topics.json says. It decides where a stream is, so it never changes. */
export const EVENT_PARTITIONS = 12;

/** A reader or a relay that has heard nothing for so long is not ready. */
export const HEARD_WITHIN_MS = 15_000;
/** How long a group waits for members that are at work. Longer than the longest batch: who comes later is out. */
const REBALANCE_WITHIN_MS = 60_000;
/**
 * A consumer that has heard nothing for so long is thrown away: kafkajs can stop without saying so. Longer than a
 * rebalance, during which nothing is heard.
 */
export const DEAF_AFTER_MS = REBALANCE_WITHIN_MS + 30_000;
/** Longest pause between two tries to reach a broker: each try takes more than a second by itself. */
export const RECONNECT_MS = 1_000;
/** Closing waits so long for kafkajs, which itself waits for requests that may never be answered. */
export const CLOSE_WITHIN_MS = 10_000;

const paces = {
  // As measured in the fault runs: kills of brokers every 7 to 13 s, nothing lost.
  local: {
    sessionTimeout: 6_000,
    heartbeatInterval: 500,
    // Each empty answer costs reader and broker about a millisecond of CPU time; see below for what waiting costs.
    maxWaitTimeInMs: 100,
    retry: { initialRetryTime: 50, maxRetryTime: 500, multiplier: 2, factor: 0.2, retries: 30 },
  },
  production: {
    // A garbage collection or a slow transaction is not a death. The price: the partitions of a process that was
    // killed rest for so long. One that closes says so and its partitions move at once.
    sessionTimeout: 30_000,
    heartbeatInterval: 3_000,
    // A broker answers the requests of one connection one by one, so a waiting fetch holds up the heartbeat and a
    // seek; it answers as soon as there is an event, so waiting longer would not make anything quicker.
    maxWaitTimeInMs: 250,
    retry: { initialRetryTime: 100, maxRetryTime: 2_000, multiplier: 2, factor: 0.2, retries: 30 },
  },
} as const;

export function openKafka(address: KafkaAddress, onError: (error: Error) => void): Kafka {
  return new Kafka({
    brokers: [...address.brokers],
    clientId: address.clientId,
    ...(address.ssl === undefined ? {} : { ssl: address.ssl }),
    ...(address.sasl === undefined ? {} : { sasl: address.sasl }),
    connectionTimeout: 3_000,
    requestTimeout: 10_000,
    // Connecting gives up after about 1.5 s, since our own loops try for ever and must be able to stop in between.
    retry: { ...paces[address.pace ?? 'production'].retry, retries: 5 },
    logLevel: logLevel.WARN,
    logCreator: () => quietLogger(onError),
  });
}

/**
 * Order without gaps: idempotent, one request under way, never a topic that comes into being by a misspelling. Few retries, because an
 * error means the same batch again from the relay's own loop (with all brokers down kafkajs gives up in spite of its
 * settings), and because a relay that closes waits for them.
 */
export const producerSettings = ({ pace = 'production' }: KafkaAddress): ProducerConfig => ({
  idempotent: true,
  maxInFlightRequests: 1,
  allowAutoTopicCreation: false,
  retry: { ...paces[pace].retry, retries: 5 },
  // The relay computes the partition and kafkajs has no say in it.
  createPartitioner:
    () =>
    ({ message: { partition } }) => {
      if (partition === undefined) throw new Error('a record was sent without its partition');
      return partition;
    },
});

/** A produce request waits this long for the replicas: less than the request itself may take, so that the broker's word comes first. */
export const PRODUCE_WITHIN_MS = 8_000;

export function consumerSettings(
  { pace = 'production' }: KafkaAddress,
  groupId: string,
): ConsumerConfig & { heartbeatInterval: number } {
  const { retry, ...timings } = paces[pace];
  return {
    groupId,
    ...timings,
    rebalanceTimeout: REBALANCE_WITHIN_MS,
    allowAutoTopicCreation: false,
    // kafkajs restarts after some crashes and not after others. It restarts after none: a reader builds a new one.
    retry: { ...retry, restartOnFailure: async () => false },
  };
}

/** What kafkajs would have printed: it goes on by itself, and what does not is thrown as well. */
class KafkaNotice extends Error {
  override readonly name = 'KafkaJSNotice';
}

/** Chatter of kafkajs that tells nobody anything. */
const expected = [
  // On purpose: see producerSettings.
  'Limiting retries for the idempotent producer may invalidate EoS guarantees',
];
const SAME_AGAIN_AFTER_MS = 10_000;

/** Passes on warnings and errors, and the same sentence at most once in 10 s: a broker that is down is said thrice a second. */
function quietLogger(onError: (error: Error) => void): (entry: LogEntry) => void {
  const said = new Map<string, number>();
  return ({ namespace, log }) => {
    const detail = typeof log['error'] === 'string' ? `: ${log['error']}` : '';
    const sentence = `${namespace}: ${log.message}${detail}`;
    if (expected.includes(log.message) || Date.now() - (said.get(sentence) ?? 0) < SAME_AGAIN_AFTER_MS)
      return;
    if (said.size > 100) said.clear();
    said.set(sentence, Date.now());
    onError(new KafkaNotice(sentence));
  };
}
