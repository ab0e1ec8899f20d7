import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { eventually, freshDatabase, testServer } from '@loa/testing';
import pg from 'pg';
import type { KafkaTransport } from './kafka-transport.js';
import { kafkaCarrier, type Carriage } from './testing/carriers.js';
import { describeWithKafka } from './testing/kafka-suite.js';
import { deleteTopic } from './testing/topics.js';
import { ReaderTables1700000000001, RowReader, openReaderPool } from './testing/row-reader.js';
import { TestSource } from './testing/test-source.js';

jest.setTimeout(40_000);
const within = 30_000;

describeWithKafka('events that Kafka holds twice', (brokers) => {
  let source: TestSource;
  let pool: pg.Pool;
  let carriage: Carriage;
  let reader: RowReader;

  beforeAll(async () => {
    const access = await freshDatabase('reader', { migrations: [ReaderTables1700000000001] });
    pool = openReaderPool(access.runtime);
    source = await TestSource.open('planning');
    carriage = await kafkaCarrier(brokers).open([source]);
    reader = new RowReader(pool, `repeats-${source.topic}`, [source.name]);
    await carriage.transport.subscribe(reader);
  });

  afterAll(async () => {
    await carriage.close();
    await Promise.all([source.close(), pool.end()]);
  });

  const repeats = () => (carriage.transport as KafkaTransport).counters.repeats;
  const seen = (count: number) =>
    eventually(async () => expect(await reader.count(source.name)).toBe(count), { within });

  it('have no second effect after a relay has died between sending and its checkpoint', async () => {
    await source.append(20);
    await seen(20);
    const holder = new pg.Client({ connectionString: source.access.owner });
    await holder.connect();
    try {
      await holder.query('BEGIN');
      // The checkpoint has to wait for this lock: the events are sent, and the relay cannot say so.
      await holder.query('SELECT 1 FROM es.relay WHERE name = $1 FOR UPDATE', [source.topic]);
      await source.append(30);
      await eventually(async () => expect(await reader.count(source.name)).toBeGreaterThan(20), { within });
      await endSession(`relay ${source.topic}`);
    } finally {
      await holder.end();
    }

    await seen(50);
    await eventually(() => expect(repeats()).toBeGreaterThan(0), { within });
    expect(carriage.relays[0]!.counters.elections).toBeGreaterThanOrEqual(2);
    expect(await reader.differences(source)).toEqual([]);
  });

  /** As an operator would: the relay is stopped and told to begin at the beginning. */
  const publishAgain = async ({ beforeStart }: { beforeStart?: () => Promise<void> } = {}) => {
    await carriage.close();
    await source.asOwner(
      'UPDATE es.relay SET position = 0, tails = array_fill(0::bigint, ARRAY[cardinality(tails)])',
    );
    await beforeStart?.();
    carriage = await eventually(() => kafkaCarrier(brokers).open([source]), { within });
    const head = await source.store.head();
    await eventually(async () => expect(await publishedUpTo(source)).toBe(head), { within });
    await carriage.transport.subscribe(reader);
  };

  it('have no second effect after the whole log was published again', async () => {
    const head = await source.store.head();
    await publishAgain();
    await source.append(25);
    await seen(head + 25);
    expect(repeats()).toBeGreaterThanOrEqual(head);
    expect(await reader.differences(source)).toEqual([]);
  });

  it.each([
    ['and holds fewer records than the reader has read', 10],
    ['and the next events stand before the place that the reader has kept', 600],
  ])('cost nothing when the topic was lost and published anew, %s', async (_what, more) => {
    // What the reader reads last stands behind repeats, far from where it will stand in a topic without them.
    await publishAgain();
    await source.append(20, { streams: 20 });
    const head = await source.store.head();
    await seen(head);
    await publishAgain({
      beforeStart: async () => {
        await deleteTopic(brokers, source.topic);
        await source.append(more, { streams: 40 });
      },
    });
    await seen(head + more);
    expect(await reader.differences(source)).toEqual([]);
  });
});

async function publishedUpTo(source: TestSource): Promise<number | undefined> {
  const rows = await source.asOwner<{ position: number }>('SELECT position::int FROM es.relay');
  return rows[0]?.position;
}

async function endSession(applicationName: string): Promise<void> {
  const admin = new pg.Client({ connectionString: testServer() });
  await admin.connect();
  const { rowCount } = await admin.query(
    'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1',
    [applicationName],
  );
  await admin.end();
  if (rowCount !== 1) throw new Error(`${rowCount} sessions are called ${applicationName}`);
}
