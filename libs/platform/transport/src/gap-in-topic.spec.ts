import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { eventually, freshDatabase } from '@loa/testing';
import { Kafka, logLevel, type Message } from 'kafkajs';
import type pg from 'pg';
import { producerSettings } from './kafka-settings.js';
import type { KafkaTransport } from './kafka-transport.js';
import { nextBatch } from './relay-batch.js';
import {
  TEST_PARTITIONS,
  collectFailures,
  createTestTopics,
  openKafkaTransport,
  startRelay,
  type Failures,
} from './testing/carriers.js';
import { describeWithKafka } from './testing/kafka-suite.js';
import { ReaderTables1700000000001, RowReader, openReaderPool } from './testing/row-reader.js';
import { TestSource } from './testing/test-source.js';
import { GapInTopic } from './unread.js';

jest.setTimeout(60_000);
const within = 30_000;
const EVENTS = 40;

describeWithKafka('a topic', (brokers) => {
  let source: TestSource;
  let pool: pg.Pool;
  let reader: RowReader;
  let transport: KafkaTransport;
  let failures: Failures;

  beforeEach(async () => {
    const access = await freshDatabase('reader', { migrations: [ReaderTables1700000000001] });
    pool = openReaderPool(access.runtime);
    source = await TestSource.open('planning');
    await createTestTopics(brokers, [source]);
    await source.append(EVENTS);
    reader = new RowReader(pool, `gap-${source.topic}`, [source.name]);
    failures = collectFailures();
    transport = openKafkaTransport(brokers, [source], failures.onError);
    await transport.subscribe(reader);
  });
  afterEach(async () => {
    await transport.close();
    await Promise.all([source.close(), pool.end()]);
  });

  /** The records of the whole log, as a relay makes them. */
  const records = async () => {
    const start = { position: 0, tails: Array.from({ length: TEST_PARTITIONS }, () => 0) };
    const events = await source.store.read(0, EVENTS);
    return [...nextBatch(start, events, { epoch: 1, restored: [] }).messages];
  };
  const send = async (messages: Message[]) => {
    const kafka = new Kafka({ brokers: [...brokers], logLevel: logLevel.NOTHING });
    const producer = kafka.producer(producerSettings({ brokers, clientId: 'loa-test', pace: 'local' }));
    await producer.connect();
    try {
      await producer.send({ topic: source.topic, messages, acks: -1 });
    } finally {
      await producer.disconnect();
    }
  };

  const gaps = () => failures.errors.filter((error) => error instanceof GapInTopic);

  it('that a relay has written holds every event in its turn', async () => {
    const relay = startRelay(brokers, source);
    try {
      await eventually(async () => expect([gaps(), await reader.count(source.name)]).toEqual([[], EVENTS]), {
        within,
      });
      expect(await reader.differences(source)).toEqual([]);
    } finally {
      await relay.close();
    }
  });

  it.each<[string, (all: Message[], at: number, after: number) => void]>([
    ['that lacks a record', (all, at) => all.splice(at, 1)],
    [
      'in which two records have changed places',
      (all, at, after) => ([all[at], all[after]] = [all[after]!, all[at]!]),
    ],
  ])(
    '%s: nothing is applied past it in its partition, the reader says so, others flow',
    async (_, tamper) => {
      const all = await records();
      const partition = fullest(all);
      const [first, second, third, fourth] = all.filter((message) => message.partition === partition);
      const others = all.filter((message) => message.partition !== partition).length;
      tamper(all, all.indexOf(third!), all.indexOf(fourth!));
      await send(all);

      // It tries again, also from the first record of the partition, and nothing else comes of it.
      await eventually(() => expect(gaps().length).toBeGreaterThan(3), { within });
      await eventually(async () => expect(await reader.count(source.name)).toBe(others + 2), { within });
      const places = await reader.checkpoints();
      expect(places.find((place) => place.partition === partition)?.position).toBe(positionOf(second!));
      expect(positionOf(second!)).toBeGreaterThan(positionOf(first!));
      for (const gap of gaps())
        expect(gap).toHaveProperty(
          'message',
          expect.stringContaining(`${partition}: the reader stands at position ${positionOf(second!)}`),
        );
      expect(reader.faults).toEqual([]);
    },
  );
});

const positionOf = ({ headers }: Message): number => Number(headers!['p']);

/** The partition with the most records. */
function fullest(messages: readonly Message[]): number {
  const counts = Array.from({ length: TEST_PARTITIONS }, () => 0);
  for (const { partition } of messages) counts[partition!]! += 1;
  return counts.indexOf(Math.max(...counts));
}
