import type { Admin, Kafka } from 'kafkajs';
import { toPosition } from '@loa/database';
import { backoff, pause } from './backoff.js';

const EVERY_MS = 1_000;

/** The topic ends before the place where its reader stands. */
export class ReaderAhead extends Error {
  constructor(topic: string, partition: number, position: number) {
    super(
      `${topic}/${partition}: the reader has read up to position ${position}, and the topic ends before it. When the topic ` +
        'is being published anew this passes by itself. When the log was restored without its last events it does not: make ' +
        'anew what this reader keeps',
    );
  }
}

/**
 * Asks the brokers where topics end, about once a second: kafkajs says nothing of a fetch that brought nothing, and a
 * reader that hears nothing cannot tell an idle topic from a broker that is away.
 */
export class TopicEnds {
  constructor(
    private readonly kafka: Kafka,
    private readonly topics: readonly string[],
  ) {}

  /** Asks until it is stopped; never throws. A broker that is away is the consumer's to report. */
  async watch(
    stop: AbortSignal,
    onEnd: (place: { topic: string; partition: number }, end: number, agoMs: number) => void,
  ): Promise<void> {
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
    for (const topic of this.topics) {
      const asked = performance.now();
      const ends = await admin.fetchTopicOffsets(topic);
      const agoMs = performance.now() - asked;
      for (const { partition, high } of ends) onEnd({ topic, partition }, toPosition(high), agoMs);
    }
  }
}
