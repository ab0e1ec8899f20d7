import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { eventually, freshDatabase } from '@loa/testing';
import type pg from 'pg';
import { NoSuchRestore, declareRestore } from './declare-restore.js';
import type { KafkaTransport } from './kafka-transport.js';
import { partitionOf } from './partition-of.js';
import type { Relay } from './relay.js';
import { TEST_PARTITIONS, createTestTopics, openKafkaTransport, startRelay } from './testing/carriers.js';
import { describeWithKafka } from './testing/kafka-suite.js';
import { ReaderTables1700000000001, RowReader, openReaderPool } from './testing/row-reader.js';
import { TestSource } from './testing/test-source.js';
import { deleteTopic, recordsIn } from './testing/topics.js';

jest.setTimeout(120_000);
const within = 60_000;

describeWithKafka('a log that was restored without events that were published', (brokers) => {
  let source: TestSource;
  let pool: pg.Pool;
  let transport: KafkaTransport;
  let reader: RowReader;
  let relay: Relay;
  const errors: string[] = [];

  const declare = (last: number) => declareRestore(source.store.pool, last);
  const relayRow = async () => {
    const [row] = await source.asOwner<{ epoch: number; restored: number[]; refusal: string | null }>(
      'SELECT epoch::int, restored::int[], refusal FROM es.relay',
    );
    return row!;
  };
  const published = (position: number) =>
    eventually(
      async () => expect(await source.asOwner('SELECT position::int FROM es.relay')).toEqual([{ position }]),
      { within },
    );
  const refuses = (reason: string) =>
    eventually(() => expect(relay.refusal()?.reason).toBe(reason), { within });
  const isTold = (words: string) => eventually(() => expect(errors.join('\n')).toContain(words), { within });
  const isRead = async (by: RowReader) => {
    const head = await source.store.head();
    await eventually(async () => expect(await by.count(source.name)).toBe(head), { within });
    expect(await by.differences(source)).toEqual([]);
  };

  /** As a backup of that moment has it. What is known of publishing is in it too. */
  async function restoreTo(position: number, { epoch, restored }: { epoch: number; restored: number[] }) {
    await relay.close();
    const events = await source.store.read(0, position);
    const tails = Array.from({ length: TEST_PARTITIONS }, () => 0);
    for (const event of events) tails[partitionOf(event.streamId, TEST_PARTITIONS)] = event.position;
    await source.asOwner('ALTER TABLE es.event DISABLE TRIGGER append_only');
    await source.asOwner('DELETE FROM es.event WHERE position > $1', [position]);
    await source.asOwner('ALTER TABLE es.event ENABLE TRIGGER append_only');
    await source.asOwner('UPDATE es.lane SET head = $1', [position]);
    await source.asOwner('UPDATE es.relay SET position = $1, tails = $2, epoch = $3, restored = $4', [
      position,
      tails,
      epoch,
      restored,
    ]);
  }

  const startAgain = () => {
    relay = startRelay(brokers, source, { onError: (error) => errors.push(String(error)) });
  };

  async function makeTopicAnew() {
    await deleteTopic(brokers, source.topic);
    await eventually(() => createTestTopics(brokers, [source]), { within });
  }

  /** What a rebuild of the reader comes to: rows as the restored log has them, and its place. */
  async function rebuildTo(position: number) {
    await pool.query('DELETE FROM seen WHERE reader = $1 AND position > $2', [reader.name, position]);
    await pool.query(
      `UPDATE checkpoint c SET "offset" = -1, position = coalesce((
         SELECT max(s.position) FROM seen s
          WHERE s.reader = c.reader AND s.source = c.source AND s.partition = c.partition), 0)
        WHERE reader = $1`,
      [reader.name],
    );
  }

  /** A reader that had not taken in anything that the log has lost. */
  async function readerUpTo(position: number): Promise<RowReader> {
    const slow = new RowReader(pool, `slow-${source.topic}`, [source.name]);
    await pool.query(
      `INSERT INTO seen (reader, source, position, partition, stream_id, version, data, meta, recorded_at)
       SELECT $2, source, position, partition, stream_id, version, data, meta, recorded_at
         FROM seen WHERE reader = $1 AND position <= $3 ORDER BY arrived`,
      [reader.name, slow.name, position],
    );
    await pool.query(
      `INSERT INTO checkpoint (reader, source, partition, position, "offset")
       SELECT reader, source, partition, max(position), count(*) - 1
         FROM seen WHERE reader = $1 GROUP BY reader, source, partition`,
      [slow.name],
    );
    return slow;
  }

  beforeAll(async () => {
    const access = await freshDatabase('reader', { migrations: [ReaderTables1700000000001] });
    pool = openReaderPool(access.owner);
    source = await TestSource.open('restored');
    await createTestTopics(brokers, [source]);
    reader = new RowReader(pool, `reader-${source.topic}`, [source.name]);
    transport = openKafkaTransport(brokers, [source], (error) => errors.push(String(error)));
    await transport.subscribe(reader);
    startAgain();
  });
  afterAll(async () => {
    await Promise.all([relay.close(), transport.close()]);
    await Promise.all([source.close(), pool.end()]);
  });

  it('is not published before that is declared, also when it has grown beyond what was published', async () => {
    await source.append(100, { streams: 40 });
    await isRead(reader);
    await expect(declare(60)).rejects.toThrow(NoSuchRestore);
    await restoreTo(60, { epoch: 1, restored: [] });
    await source.append(60, { streams: 40 });
    startAgain();
    await refuses('log-restored');
    expect(relay.refusal()?.message).toContain('which the log does not have: there it has event');
    expect(relay.refusal()?.message).toContain('docs/operations.md');
    expect(relay.healthy()).toBe(false);
    await eventually(
      async () => expect((await relayRow()).refusal).toBe(`log-restored: ${relay.refusal()?.message}`),
      {
        within,
      },
    );
    expect(await recordsIn(brokers, source.topic)).toBe(100);
    expect(await reader.count(source.name)).toBe(100);
    await expect(declare(121)).rejects.toThrow('the log ends before position 121');
  });

  it('is published anew when it is declared and its topic was made anew; who has seen what it lacks stops', async () => {
    expect(await declare(60)).toMatchObject({ topic: source.topic, restores: 1 });
    await expect(declare(60)).rejects.toThrow('nothing was declared');
    expect((await relayRow()).epoch).toBeGreaterThan(1_000_000);
    await refuses('topic-before-restore');
    expect(await recordsIn(brokers, source.topic)).toBe(100);
    await makeTopicAnew();
    await published(120);
    expect(await recordsIn(brokers, source.topic)).toBe(120);
    await eventually(async () => expect((await relayRow()).refusal).toBeNull(), { within });

    await isTold('the log was restored to position 60');
    const delivered = reader.delivered;
    for (const other of [new RowReader(pool, `new-${source.topic}`, [source.name]), await readerUpTo(60)]) {
      const reading = await transport.subscribe(other);
      await isRead(other);
      await reading.close();
    }
    await source.append(20);
    await published(140);
    expect(await reader.count(source.name)).toBe(100);
    expect(reader.delivered).toBe(delivered);

    await rebuildTo(60);
    await isRead(reader);
  });

  it('is noticed by a reader whose place is just where its topic, made anew, ends', async () => {
    const there = new RowReader(pool, `there-${source.topic}`, [source.name]);
    await pool.query(
      `INSERT INTO checkpoint (reader, source, partition, position, "offset")
       SELECT $2, source, partition, max(position), count(*) - 1
         FROM seen WHERE reader = $1 GROUP BY source, partition`,
      [reader.name, there.name],
    );
    errors.length = 0;
    const reading = await transport.subscribe(there);
    for (const partition of [0, 1, 2, 3]) await isTold(`${source.topic}/${partition}: the reader stands at`);
    await reading.close();
    expect(errors.filter((error) => !error.includes('the log was restored to position 60'))).toEqual([]);
    expect([there.delivered, there.caughtUpWith.size]).toEqual([0, 0]);
  });

  it('of a backup from before an earlier restore: that one is learned from the topic, and readers tell both apart', async () => {
    const before = await source.store.head();
    await restoreTo(30, { epoch: 1, restored: [] });
    await source.append(before, { streams: 40 });
    startAgain();
    await refuses('log-restored');
    expect((await relayRow()).restored).toEqual([60]);
    errors.length = 0;
    expect(await declare(30)).toMatchObject({ restores: 2 });
    await makeTopicAnew();
    await published(before + 30);
    await isTold('the log was restored to position 30');
    expect(await reader.count(source.name)).toBe(before);
    await rebuildTo(30);
    await isRead(reader);
  });

  it('whose topic is empty though it was published is not published either', async () => {
    await relay.close();
    await makeTopicAnew();
    startAgain();
    await refuses('topic-emptied');
    expect(await recordsIn(brokers, source.topic)).toBe(0);
  });
});
