import type { EventTransport, Subscriber, Subscription } from './event-transport.js';
import { KafkaReader } from './kafka-reader.js';
import { EVENT_PARTITIONS, eventsTopic, type KafkaAddress } from './kafka-settings.js';

export interface KafkaTransportOptions {
  readonly kafka: KafkaAddress;
  /** Told of every failure that reading survives: handlers that throw, brokers that are away, records that do not fit. */
  readonly onError: (error: unknown, where: { subscriber: string; source: string }) => void;
  /** Default: `loa.<source>.events`. */
  readonly topicOf?: (source: string) => string;
  /** Default 12. Must be what the topics have. */
  readonly partitions?: number;
  /**
   * Partitions that are handled at the same time, per subscriber. Default 1. More only for handlers that may run at once
   * for different streams, and not more than their pool has connections.
   */
  readonly concurrency?: number;
}

/** Readers are Kafka consumer groups, one per name; positions stay with the reader's rows and are never left to Kafka. */
export class KafkaTransport implements EventTransport {
  /**
   * Since the start of this process. `repeats`: events that Kafka held twice and that were dropped; `failures`: batches
   * that were handed in again; `rebuilt`: consumers thrown away because they had crashed or gone deaf.
   */
  readonly counters = { delivered: 0, repeats: 0, failures: 0, rebuilt: 0 };
  private readonly readers = new Set<KafkaReader>();

  constructor(private readonly options: KafkaTransportOptions) {}

  /** Resolves at once, also while Kafka is down: the reader keeps trying until it is closed. */
  async subscribe(subscriber: Subscriber): Promise<Subscription> {
    const { topicOf = eventsTopic, concurrency = 1, partitions = EVENT_PARTITIONS } = this.options;
    const { counters } = this;
    const reader = new KafkaReader(subscriber, {
      ...this.options,
      topicOf,
      concurrency,
      partitions,
      counters,
    });
    this.readers.add(reader);
    return {
      healthy: () => reader.healthy(),
      behind: () => reader.behind(),
      close: async () => {
        this.readers.delete(reader);
        await reader.close();
      },
    };
  }

  async close(): Promise<void> {
    await Promise.all([...this.readers].map((reader) => reader.close()));
    this.readers.clear();
  }
}
