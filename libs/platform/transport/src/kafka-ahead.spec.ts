import { afterAll, afterEach, beforeAll, expect, it, jest } from '@jest/globals';
import { eventually, freshDatabase } from '@loa/testing';
import type pg from 'pg';
import type { KafkaTransport } from './kafka-transport.js';
import { partitionOf } from './partition-of.js';
import type { Relay } from './relay.js';
import {
  createTestTopics,
  logCarrier,
  openKafkaTransport,
  startRelay,
  TEST_PARTITIONS,
} from './testing/carriers.js';
import { describeWithKafka } from './testing/kafka-suite.js';
import { openReaderPool, ReaderTables1700000000001, RowReader } from './testing/row-reader.js';
import { TestSource } from './testing/test-source.js';
import { addPartitions } from './testing/topics.js';

jest.setTimeout(60_000);
const within = 30_000;

/** So many events, each of a stream of its own, that no partition is empty. */
const EVENTS = 80;

describeWithKafka('a reader that stands where its topic has no place', (brokers) => {
  let source: TestSource;
  let pool: pg.Pool;
  let relay: Relay;
  let transport: KafkaTransport;

  beforeAll(async () => {
    const access = await freshDatabase('reader', { migrations: [ReaderTables1700000000001] });
    pool = openReaderPool(access.runtime);
    source = await TestSource.open('planning');
    await createTestTopics(brokers, [source]);
    relay = startRelay(brokers, source);
    await source.append(EVENTS, { streams: EVENTS });
    await eventually(() => expect(relay.counters.published).toBe(EVENTS), { within });
  });
  afterEach(() => transport.close());
  afterAll(async () => {
    await relay.close();
    await Promise.all([source.close(), pool.end()]);
  });

  /** Reads over Kafka, and waits for these words about it. */
  async function told(reader: RowReader, ...words: string[]): Promise<void> {
    const errors: string[] = [];
    transport = openKafkaTransport(brokers, [source], (error) => errors.push(String(error)));
    await transport.subscribe(reader);
    await eventually(
      () => {
        for (const some of words) expect(errors.join('\n')).toContain(some);
      },
      { within },
    );
  }

  const eventsOf = async (partition: number) =>
    (await source.store.read(0, 1_000)).filter(
      ({ streamId }) => partitionOf(streamId, TEST_PARTITIONS) === partition,
    );

  /** Has applied all there is of every partition. */
  async function standsAtItsLast(reader: RowReader, offsetIn: (records: number) => number): Promise<void> {
    const events = await Promise.all([0, 1, 2, 3].map(eventsOf));
    await pool.query(
      `INSERT INTO checkpoint SELECT $1, $2, p - 1, at, o
         FROM unnest($3::bigint[], $4::bigint[]) WITH ORDINALITY u (at, o, p)
           ON CONFLICT (reader, source, partition) DO UPDATE SET position = excluded.position, "offset" = excluded."offset"`,
      [
        reader.name,
        source.name,
        events.map((some) => some.at(-1)!.position),
        events.map((some) => offsetIn(some.length)),
      ],
    );
  }

  it.each([
    ['by its offset', () => 1_000],
    ['by its position, at an offset that exists', () => 0],
    ['by its position, at the last record', (records: number) => records - 1],
    ['by its position, one record beyond the end', (records: number) => records],
  ])(
    '%s is told what that means, applies nothing, and is never said to be caught up',
    async (what, offsetIn) => {
      const reader = new RowReader(pool, `ahead ${what} ${source.topic}`, [source.name]);
      const offsets = await Promise.all(
        [0, 1, 2, 3].map(async (partition) => offsetIn((await eventsOf(partition)).length)),
      );
      await pool.query(
        `INSERT INTO checkpoint SELECT $1, $2, p - 1, 1000, o FROM unnest($3::bigint[]) WITH ORDINALITY u (o, p)`,
        [reader.name, source.name, offsets],
      );
      await told(reader, 'the reader has read up to position 1000, and the topic ends before it');
      expect([reader.delivered, reader.caughtUpWith.size]).toEqual([0, 0]);
    },
  );

  it('because it has read the log itself is told how to go on, and applies nothing', async () => {
    const reader = new RowReader(pool, `in-the-log-${source.topic}`, [source.name]);
    const log = await logCarrier.open([source]);
    await log.transport.subscribe(reader);
    await eventually(() => expect(reader.delivered).toBe(EVENTS), { within });
    await log.close();
    await told(
      reader,
      `${reader.name} has read planning from the log itself, up to position ${EVENTS}`,
      `"npx loa rebuild --reader ${reader.name}"`,
    );
    expect(reader.delivered).toBe(EVENTS);
    // As if its rows had been made anew.
    await standsAtItsLast(reader, () => -1);
    await eventually(() => expect([reader.delivered, reader.caughtUpWith.size]).toEqual([EVENTS, 4]), {
      within,
    });
    expect(transport.counters).toMatchObject({ delivered: 0, repeats: EVENTS });
  });

  it.each([
    ['at the offset of that', (records: number) => records - 1],
    ['one record beyond it, of a topic that held it twice', (records: number) => records],
    ['far beyond it', () => 1_000],
    ['somewhere before it', (records: number) => Math.floor(records / 2)],
    ['at the beginning', () => -1],
  ])('at the position of its last event, %s, is caught up when nothing comes', async (what, offsetIn) => {
    const reader = new RowReader(pool, `at the end ${what} ${source.topic}`, [source.name]);
    await standsAtItsLast(reader, offsetIn);
    const errors: string[] = [];
    transport = openKafkaTransport(brokers, [source], (error) => errors.push(String(error)));
    await transport.subscribe(reader);
    await eventually(() => expect(reader.caughtUpWith.size).toBe(4), { within });
    // kafkajs says so where it has found no record at an offset.
    expect(errors.filter((error) => !error.startsWith('KafkaJSNotice'))).toEqual([]);
    expect(reader.delivered).toBe(0);
  });

  it('has other partitions beside its own: says so, and goes on with its own', async () => {
    const reader = new RowReader(pool, `beside-${source.topic}`, [source.name]);
    await addPartitions(brokers, source.topic, 6);
    await told(reader, `topic ${source.topic} has 6 partitions and its readers are set to 4`);
    await eventually(() => expect(reader.caughtUpWith.size).toBe(4), { within });
    await source.append(10);
    await eventually(async () => expect(await reader.count(source.name)).toBe(EVENTS + 10), { within });
    expect(await reader.differences(source)).toEqual([]);
    expect([...reader.caughtUpWith].sort()).toEqual([0, 1, 2, 3].map((one) => `planning/${one}`));
  });
});
