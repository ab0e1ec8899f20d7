import { expect } from '@jest/globals';
import { eventually } from '@loa/testing';
import { Kafka, logLevel, type Admin } from 'kafkajs';

/** How many records a topic holds. */
export const recordsIn = (brokers: readonly string[], topic: string): Promise<number> =>
  withAdmin(brokers, async (admin) => {
    const offsets = await admin.fetchTopicOffsets(topic);
    return offsets.reduce((sum, { high }) => sum + Number(high), 0);
  });

/** @param count how many it has then */
export const addPartitions = (brokers: readonly string[], topic: string, count: number): Promise<boolean> =>
  withAdmin(brokers, (admin) => admin.createPartitions({ topicPartitions: [{ topic, count }] }));

/** Resolves when it is gone. */
export const deleteTopic = (brokers: readonly string[], topic: string): Promise<void> =>
  withAdmin(brokers, async (admin) => {
    await admin.deleteTopics({ topics: [topic] });
    await eventually(async () => expect(await admin.listTopics()).not.toContain(topic));
  });

async function withAdmin<T>(brokers: readonly string[], work: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = new Kafka({ brokers: [...brokers], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
}
