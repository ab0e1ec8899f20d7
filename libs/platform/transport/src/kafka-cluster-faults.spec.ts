import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { createTopics, LocalKafka } from '@loa/kafka';
import { eventually, freshDatabase } from '@loa/testing';
import type pg from 'pg';
import { openKafkaTransport, startRelay, topicsOf } from './testing/carriers.js';
import { describeWithOwnKafka } from './testing/kafka-suite.js';
import { ReaderTables1700000000001, RowReader, openReaderPool } from './testing/row-reader.js';
import { TestSource } from './testing/test-source.js';

// Half a minute on two idle cores; the limit is for busy ones.
jest.setTimeout(180_000);
const within = 120_000;

await describeWithOwnKafka('with three brokers and two in-sync replicas', () => {
  let kafka: LocalKafka;
  let pool: pg.Pool;
  let source: TestSource;

  beforeAll(async () => {
    kafka = await LocalKafka.start({ nodes: 3 });
    const access = await freshDatabase('reader', { migrations: [ReaderTables1700000000001] });
    pool = openReaderPool(access.runtime);
    source = await TestSource.open('planning');
    const config = { 'min.insync.replicas': '2' };
    await createTopics(kafka.brokers, topicsOf(source.topic, { replicas: 3, config }));
  });

  afterAll(async () => {
    await Promise.all([source.close(), pool.end()]);
    await kafka.stop();
  });

  // Without the proof of relay-acks.ts about every second of these kills loses events that kafkajs has called sent.
  it('loses nothing while one after the other is killed in the middle of a send', async () => {
    const relay = startRelay(kafka.brokers, source);
    const transport = openKafkaTransport(kafka.brokers, [source]);
    const reader = new RowReader(pool, 'cluster', [source.name]);
    const subscription = await transport.subscribe(reader);
    try {
      for (const node of [1, 2, 3]) {
        const before = relay.counters.batches;
        const appending = source.appendMany(5_000);
        await eventually(() => expect(relay.counters.batches).toBeGreaterThan(before + 1), { within });
        await kafka.kill(node);
        await appending;
        await kafka.restart(node);
      }
      const head = await source.store.head();
      await eventually(async () => expect(await reader.count(source.name)).toBe(head), { within });
      expect(await reader.differences(source)).toEqual([]);
      expect(subscription.healthy()).toBe(true);
      expect(relay.healthy()).toBe(true);
    } finally {
      await Promise.all([relay.close(), transport.close()]);
    }
  });
});
