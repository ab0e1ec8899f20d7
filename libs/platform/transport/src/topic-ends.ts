import type { Admin, Kafka } from 'kafkajs';
import { toPosition } from '@loa/database';
import { backoff, pause } from './backoff.js';
import { heartbeatTopic } from './kafka-settings.js';
import { PublishedUpTo } from './published-up-to.js';

const EVERY_MS = 1_000;

/** The topic ends before the place where its reader stands. */
export class ReaderAhead extends Error {
  constructor(topic: string, partition: number, position: number) {
    super(
      `${topic}/${partition}: the reader has read up to position ${position}, and the topic ends before it. When the topic ` +
        'is being published anew this passes by itself. When the log was restored without its last events it does not: see ' +
        '"A log was restored without its last events" in docs/operations.md',
    );
  }
}

/** Where a partition ended when it was asked. */
export interface TopicEnd {
  readonly topic: string;
  readonly partition: number;
  /** The offset that its next record will get. */
  readonly end: number;
  /** Everything that was recorded so long ago, in ms, stands before that end; undefined: not known. */
  readonly completeAgoMs: number | undefined;
}

/**
 * Asks the brokers where topics end, about once a second: kafkajs says nothing of a fetch that brought nothing, and a
 * reader that hears nothing cannot tell an idle topic from a broker that is away. And it asks whether their relays say
 * that nothing is left to publish: an idle topic may be one whose relay stands still.
 */
export class TopicEnds {
  private readonly topics: ReadonlyMap<string, { readonly published: PublishedUpTo; records: number }>;

  /** @param onMissing told what cannot be learned of a topic, and what to do */
  constructor(
    private readonly kafka: Kafka,
    topics: readonly string[],
    onMissing: (error: Error, topic: string) => void,
  ) {
    this.topics = new Map(
      topics.map((topic) => [
        topic,
        {
          published: new PublishedUpTo(heartbeatTopic(topic), (error) => onMissing(error, topic)),
          records: 0,
        },
      ]),
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
      const records = ends.reduce((sum, { high }) => sum + toPosition(high), 0);
      if (records < known.records) known.published.forget();
      known.records = records;
      const { instant } = known.published;
      const completeAgoMs = instant === undefined ? undefined : performance.now() - instant;
      for (const { partition, high } of ends)
        onEnd({ topic, partition, end: toPosition(high), completeAgoMs });
    }
  }
}
