import type { Kafka, Message, Producer } from 'kafkajs';
import { backoff, pause, within } from './backoff.js';
import { passes, saysBroker } from './kafka-errors.js';
import {
  CLOSE_WITHIN_MS,
  PRODUCE_WITHIN_MS,
  RECONNECT_MS,
  producerSettings,
  type KafkaAddress,
} from './kafka-settings.js';
import { Acknowledgements } from './relay-acks.js';
import { RelayRefusal } from './relay-batch.js';

/** A leader that cannot send for so long steps down: another process may reach the brokers where this one cannot. */
const STEP_DOWN_AFTER_MS = 60_000;

export interface RelayTopic {
  readonly name: string;
  readonly partitions: number;
}

/** Sends to one topic, in order. One per term of leadership: its producer id must not outlive what it has numbered. */
export class RelayProducer {
  private readonly acknowledged = new Acknowledgements();
  private producer: Producer | undefined;

  private constructor(
    private readonly kafka: Kafka,
    private readonly address: KafkaAddress,
    private readonly topic: RelayTopic,
    private readonly onRetry: (error: unknown) => void,
  ) {}

  /**
   * @param onRetry told of each failure after which the same batch is sent again
   * @throws RelayRefusal when the topic is missing or has another number of partitions; kafkajs errors when no broker answers
   */
  static async open(
    kafka: Kafka,
    address: KafkaAddress,
    topic: RelayTopic,
    onRetry: (error: unknown) => void,
  ): Promise<RelayProducer> {
    await assertTopic(kafka, topic);
    const out = new RelayProducer(kafka, address, topic, onRetry);
    await out.connected();
    return out;
  }

  /**
   * Resolves when every in-sync replica has the batch. An error means the same batch again, never the next one.
   * @param stop no further try once it is aborted
   * @throws the last error when it was stopped or could not send for a minute
   */
  async send(messages: readonly Message[], stop: AbortSignal): Promise<void> {
    const since = Date.now();
    for (let failures = 0; ; failures += 1) {
      try {
        const producer = await this.connected();
        const request = {
          topic: this.topic.name,
          messages: [...messages],
          acks: -1,
          timeout: PRODUCE_WITHIN_MS,
        };
        this.acknowledged.take(messages, await producer.send(request));
        return;
      } catch (error) {
        if (stop.aborted || Date.now() - since > STEP_DOWN_AFTER_MS) throw error;
        this.onRetry(error);
        // What will not pass by itself has to do with the numbering of this producer, e.g. OUT_OF_ORDER_SEQUENCE_NUMBER:
        // the same one would get it for ever. A new one may send twice what is there, and readers drop that.
        if (!passes(error)) await this.close();
        await pause(backoff(failures, RECONNECT_MS), stop);
      }
    }
  }

  async close(): Promise<void> {
    const producer = this.producer;
    this.producer = undefined;
    if (producer) await within(CLOSE_WITHIN_MS, producer.disconnect());
  }

  private async connected(): Promise<Producer> {
    return (this.producer ??= await openProducer(this.kafka, this.address));
  }
}

/** @returns connected @throws kafkajs errors, and then nothing is left open */
export async function openProducer(kafka: Kafka, address: KafkaAddress): Promise<Producer> {
  const producer = kafka.producer(producerSettings(address));
  try {
    await producer.connect();
  } catch (error) {
    await within(CLOSE_WITHIN_MS, producer.disconnect());
    throw error;
  }
  return producer;
}

async function assertTopic(kafka: Kafka, { name, partitions }: RelayTopic): Promise<void> {
  const admin = kafka.admin();
  try {
    await admin.connect();
    const { topics } = await admin.fetchTopicMetadata({ topics: [name] });
    const found = topics[0]?.partitions.length ?? 0;
    if (found === partitions) return;
    throw new RelayRefusal(
      'wrong-partition-count',
      `topic ${name} has ${found} partitions and the relay is set to ${partitions}. The partition of a stream is ` +
        'computed from their number: nothing is published until they agree. A topic that holds nothing yet: delete it and ' +
        'create it with tools/kafka/src/create-topics.ts. Never change the number of one that was published to.',
    );
  } catch (error) {
    if (!saysBroker(error, 'UNKNOWN_TOPIC_OR_PARTITION')) throw error;
    throw new RelayRefusal(
      'topic-missing',
      `topic ${name} does not exist: create it with tools/kafka/src/create-topics.ts`,
    );
  } finally {
    await within(CLOSE_WITHIN_MS, admin.disconnect());
  }
}
