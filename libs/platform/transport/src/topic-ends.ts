import type { Admin, Kafka } from 'kafkajs';
import { toPosition } from '@loa/database';
import { backoff, pause } from './backoff.js';
import { heartbeatTopic } from './kafka-settings.js';
import { PublishedUpTo } from './published-up-to.js';

const EVERY_MS = 1_000;

/** How often what somebody has to put right is told. */
const TOLD_EVERY_MS = 10_000;

/** The topic ends before the place where its reader stands. */
export class ReaderAhead extends Error {
  constructor(topic: string, partition: number, position: number) {
    super(
      `${topic}/${partition}: the reader has read up to position ${position}, and the topic ends before it. When the topic ` +
        'is being published anew, or its relay lies behind the log that rows were made anew from, this passes by itself. ' +
        'When the log was restored without its last events it does not: see "A log was restored without its last events" ' +
        'in docs/operations.md',
    );
  }
}

class OtherPartitions extends Error {
  constructor(topic: string, found: number, expected: number) {
    super(
      `topic ${topic} has ${found} partitions and its readers are set to ${expected}. The partition of a stream is computed ` +
        'from their number, and others are not read: see "To publish a topic anew" in infra/kafka/README.md',
    );
  }
}

/** Where a partition ended when it was asked. */
export interface TopicEnd {
  readonly topic: string;
  readonly partition: number;
  /** The offset that its next record will get. */
  readonly end: number;
  /** Everything that was recorded until then (of `performance.now()`) stands before that end; undefined: not known. */
  readonly completeAt: number | undefined;
}

interface Watched {
  readonly published: PublishedUpTo;
  /** By partition, when they were asked for last. */
  readonly ends: number[];
  /** When the number of its partitions was told of last. */
  toldAt: number;
}

/**
 * Asks the brokers where topics end, about once a second: kafkajs says nothing of a fetch that brought nothing, and a
 * reader that hears nothing cannot tell an idle topic from a broker that is away. And it asks whether their relays say
 * that nothing is left to publish: an idle topic may be one whose relay stands still.
 */
export class TopicEnds {
  private readonly topics: ReadonlyMap<string, Watched>;
  private readonly partitions: number;

  /**
   * @param partitions what each topic should have
   * @param tell what cannot be learned of a topic, or is wrong with it, and what to do
   */
  constructor(
    private readonly kafka: Kafka,
    { topics, partitions }: { topics: readonly string[]; partitions: number },
    private readonly tell: (error: Error, topic: string) => void,
  ) {
    this.partitions = partitions;
    this.topics = new Map(
      topics.map((topic) => {
        const published = new PublishedUpTo(heartbeatTopic(topic), (error) => tell(error, topic));
        return [topic, { published, ends: [], toldAt: -Infinity }];
      }),
    );
  }

  /** Asks until it is stopped; never throws. A broker that is away is the consumer's to report. */
  async watch(stop: AbortSignal, onEnd: (end: TopicEnd) => void): Promise<void> {
    for (let failures = 0; !stop.aborted; failures += 1) {
      const admin = this.kafka.admin();
      try {
        await admin.connect();
        while (!stop.aborted) {
          await this.ask(admin, onEnd);
          failures = 0;
          await pause(EVERY_MS, stop);
        }
      } catch {
        await pause(backoff(failures), stop);
      } finally {
        await admin.disconnect().catch(() => undefined);
      }
    }
  }

  private async ask(admin: Admin, onEnd: Parameters<TopicEnds['watch']>[1]): Promise<void> {
    for (const [topic, known] of this.topics) {
      // In this order: what is published by then stands before the ends that are asked for afterwards.
      await known.published.ask(admin);
      const ends = await admin.fetchTopicOffsets(topic);
      if (ends.length !== this.partitions) this.tellOfPartitions(topic, known, ends.length);
      // Made anew.
      if (ends.some(({ partition, high }) => toPosition(high) < (known.ends[partition] ?? 0)))
        known.published.forget();
      for (const { partition, high } of ends) known.ends[partition] = toPosition(high);
      const completeAt = known.published.instant;
      for (const { partition, high } of ends) onEnd({ topic, partition, end: toPosition(high), completeAt });
    }
  }

  private tellOfPartitions(topic: string, known: Watched, found: number): void {
    if (performance.now() < known.toldAt + TOLD_EVERY_MS) return;
    known.toldAt = performance.now();
    this.tell(new OtherPartitions(topic, found, this.partitions), topic);
  }
}
