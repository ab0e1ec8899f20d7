import { failPoint } from '@loa/fail-points';
import type { Kafka, Producer } from 'kafkajs';
import { within } from './backoff.js';
import { saysBroker } from './kafka-errors.js';
import { CLOSE_WITHIN_MS, PRODUCE_WITHIN_MS, openKafka, type KafkaAddress } from './kafka-settings.js';
import { openProducer } from './relay-producer.js';

/** Readers need four to say anything, and look once a second. */
const EVERY_MS = 500;
const AGAIN_AFTER_MS = 5_000;
/** Who closes does not wait longer for one that is under way. */
const SETTLES_WITHIN_MS = 2_000;

/**
 * Tells readers that everything recorded is published: a record in a topic of its own, which means something by being
 * there. What readers rely on ({@link PublishedUpTo}): each stands for a look at the log that began after the one before
 * was acknowledged. It goes beside the events, over a connection of its own: whatever becomes of it, they do not wait.
 */
export class RelayHeartbeat {
  private readonly kafka: Kafka;
  private producer: Producer | undefined;
  private sending: Promise<void> | undefined;
  private closed = false;
  /** All on the clock of `performance.now()`. */
  private dueAt = 0;
  private settledAt = 0;

  /**
   * @param says what a record holds, for people who look into the topic
   * @param over nothing is sent once it is aborted
   */
  constructor(
    private readonly address: KafkaAddress,
    private readonly topic: string,
    private readonly says: string,
    private readonly over: AbortSignal,
    private readonly onError: (error: unknown) => void,
  ) {
    this.kafka = openKafka(address, (error) => this.report(error));
  }

  /**
   * Everything that was recorded at an instant is published. Never waits and never throws, and sends at most twice a
   * second.
   * @param lookedAt when the look at the log began that has shown it
   */
  beat(lookedAt: number): void {
    if (this.sending || this.over.aborted || performance.now() < this.dueAt || lookedAt <= this.settledAt)
      return;
    this.dueAt = performance.now() + EVERY_MS;
    this.sending = this.send().finally(() => {
      this.settledAt = performance.now();
      this.sending = undefined;
    });
  }

  async close(): Promise<void> {
    this.closed = true;
    // Not in the middle: kafkajs would connect again to finish, and nobody would let go of that.
    if (this.sending) await within(SETTLES_WITHIN_MS, this.sending);
    else await this.letGo();
  }

  private async send(): Promise<void> {
    try {
      failPoint('relay.beforeHeartbeat');
      this.producer ??= await openProducer(this.kafka, this.address);
      if (this.closed) return;
      const messages = [{ partition: 0, value: this.says }];
      await this.producer.send({ topic: this.topic, messages, acks: -1, timeout: PRODUCE_WITHIN_MS });
    } catch (error) {
      this.report(error);
      this.dueAt = performance.now() + AGAIN_AFTER_MS;
      // Its numbering may be out of step for good.
      await this.letGo();
    } finally {
      if (this.closed) await this.letGo();
    }
  }

  private async letGo(): Promise<void> {
    const producer = this.producer;
    this.producer = undefined;
    if (producer) await within(CLOSE_WITHIN_MS, producer.disconnect());
  }

  private report(error: unknown): void {
    if (this.closed || this.over.aborted) return;
    const missing = saysBroker(error, 'UNKNOWN_TOPIC_OR_PARTITION');
    this.onError(
      missing
        ? new Error(
            `the topic ${this.topic} does not exist: events are published all the same, but nobody can tell how fresh ` +
              'the rows are that are made from them. Create it with tools/kafka/src/create-topics.ts',
            { cause: error },
          )
        : error,
    );
  }
}
