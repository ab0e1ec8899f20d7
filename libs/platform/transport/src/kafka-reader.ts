import type { Kafka } from 'kafkajs';
import { backoff, pause } from './backoff.js';
import type { Subscriber } from './event-transport.js';
import { KafkaConsumer } from './kafka-consumer.js';
import { HEARD_WITHIN_MS, RECONNECT_MS, openKafka, type KafkaAddress } from './kafka-settings.js';

export interface ReaderCounters {
  delivered: number;
  repeats: number;
  failures: number;
  rebuilt: number;
}

export interface KafkaReaderOptions {
  readonly kafka: KafkaAddress;
  readonly onError: (error: unknown, where: { subscriber: string; source: string }) => void;
  readonly topicOf: (source: string) => string;
  readonly concurrency: number;
  readonly partitions: number;
  readonly counters: ReaderCounters;
}

/**
 * Keeps one subscriber reading for as long as it is open. A kafkajs consumer that ends, for whatever reason and also one
 * that only falls silent, is thrown away and a new one is built: positions are the subscriber's, so nothing is lost.
 */
export class KafkaReader {
  private readonly stop = new AbortController();
  private readonly kafka: Kafka;
  private readonly running: Promise<void>;
  private consumer: KafkaConsumer | undefined;
  /** When a consumer before this one heard from a broker last; 0: never. */
  private heardAt = 0;

  constructor(
    private readonly subscriber: Subscriber,
    private readonly options: KafkaReaderOptions,
  ) {
    this.kafka = openKafka(options.kafka, (error) => this.report(error));
    this.running = this.run();
  }

  healthy(): boolean {
    return Date.now() - Math.max(this.heardAt, this.consumer?.heardAt ?? 0) < HEARD_WITHIN_MS;
  }

  behind(): Promise<number> {
    return Promise.resolve(this.consumer?.behind() ?? 0);
  }

  /** Waits for the batch under way. */
  async close(): Promise<void> {
    this.stop.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    let failures = 0;
    while (!this.stop.signal.aborted) {
      const consumer = new KafkaConsumer(this.kafka, this.subscriber, this.options, (error, source) =>
        this.report(error, source),
      );
      this.consumer = consumer;
      try {
        await consumer.consume(this.stop.signal);
      } catch (error) {
        this.report(error);
        this.heardAt = Math.max(this.heardAt, consumer.heardAt);
        if (consumer.joined) this.options.counters.rebuilt += 1;
        failures = consumer.joined ? 0 : failures + 1;
        await pause(backoff(failures, RECONNECT_MS), this.stop.signal);
      }
    }
  }

  private report(error: unknown, source = this.subscriber.sources.join(',')): void {
    if (!this.stop.signal.aborted) this.options.onError(error, { subscriber: this.subscriber.name, source });
  }
}
