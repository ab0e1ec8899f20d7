import { toPosition } from '@loa/database';
import type { Kafka } from 'kafkajs';
import { randomUUID } from 'node:crypto';
import { setTimeout as timer } from 'node:timers/promises';
import { within } from './backoff.js';
import { eventOf, type ReceivedEvent } from './kafka-record.js';
import { CLOSE_WITHIN_MS } from './kafka-settings.js';

const READ_WITHIN_MS = 30_000;

/** An event, and the partition it is the last of. */
export interface LastRecord extends ReceivedEvent {
  readonly partition: number;
}

/**
 * The last record of each partition that has any, as of now. kafkajs reads only as a member of a group: this one is
 * alone in its own, which ends with it because no offset is ever committed.
 * @throws ForeignRecord; kafkajs errors; when the brokers do not hand them out within half a minute
 */
export async function lastRecords(kafka: Kafka, topic: string): Promise<LastRecord[]> {
  const last = await lastOffsets(kafka, topic);
  if (last.size === 0) return [];
  const consumer = kafka.consumer({
    groupId: `${topic}.relay.${randomUUID()}`,
    allowAutoTopicCreation: false,
    // Leaving waits for a fetch that is under way.
    maxWaitTimeInMs: 100,
    retry: { restartOnFailure: async () => false },
  });
  const found = new Map<number, LastRecord>();
  const late = new AbortController();
  try {
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    await new Promise<void>((resolve, reject) => {
      void timer(READ_WITHIN_MS, undefined, { signal: late.signal }).then(
        () =>
          reject(new Error(`the last records of ${topic} did not come within ${READ_WITHIN_MS / 1_000} s`)),
        () => undefined,
      );
      consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error));
      // Before kafkajs fetches anything.
      consumer.on(consumer.events.GROUP_JOIN, () => {
        for (const [partition, offset] of last) consumer.seek({ topic, partition, offset: String(offset) });
      });
      const eachBatch = async ({
        batch: { partition, messages },
      }: {
        batch: { partition: number; messages: Parameters<typeof eventOf>[0][] };
      }) => {
        const message = messages.find(({ offset }) => toPosition(offset) === last.get(partition));
        if (message) found.set(partition, { ...eventOf(message), partition });
        if (found.size === last.size) resolve();
      };
      consumer.run({ autoCommit: false, eachBatch }).catch(reject);
    });
    return [...found.values()].sort((one, other) => one.partition - other.partition);
  } finally {
    late.abort();
    await within(CLOSE_WITHIN_MS, consumer.disconnect());
  }
}

/** By partition; those without any record are left out. */
async function lastOffsets(kafka: Kafka, topic: string): Promise<Map<number, number>> {
  const admin = kafka.admin();
  try {
    await admin.connect();
    const ends = await admin.fetchTopicOffsets(topic);
    return new Map(
      ends
        .filter(({ low, high }) => toPosition(high) > toPosition(low))
        .map(({ partition, high }) => [partition, toPosition(high) - 1]),
    );
  } finally {
    await within(CLOSE_WITHIN_MS, admin.disconnect());
  }
}
