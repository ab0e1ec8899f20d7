import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { eventually, freshDatabase } from '@loa/testing';
import type pg from 'pg';
import type { Relay } from './relay.js';
import { createTestTopics, openKafkaTransport, startRelay } from './testing/carriers.js';
import { describeWithKafka } from './testing/kafka-suite.js';
import { RelayChild } from './testing/relay-child.js';
import { ReaderTables1700000000001, RowReader, openReaderPool } from './testing/row-reader.js';
import { TestSource } from './testing/test-source.js';
import { recordsIn } from './testing/topics.js';

jest.setTimeout(120_000);
const within = 60_000;
const lease = { leaseMs: 4_000, hangsAfterMs: 180_000 };

describeWithKafka('a relay that is frozen while it leads, and keeps its session', (brokers) => {
  let source: TestSource;
  let pool: pg.Pool;
  let reader: RowReader;
  let frozen: RelayChild;
  let other: Relay | undefined;

  beforeAll(async () => {
    const access = await freshDatabase('reader', { migrations: [ReaderTables1700000000001] });
    pool = openReaderPool(access.runtime);
  });
  afterAll(() => pool.end());

  const everythingIsRead = async () => {
    const head = await source.store.head();
    await eventually(async () => expect(await reader.count(source.name)).toBe(head), { within });
    expect(await reader.differences(source)).toEqual([]);
  };
  const sessions = async () => {
    const [row] = await source.asOwner<{ count: number }>(
      'SELECT count(*)::int FROM pg_stat_activity WHERE application_name = $1',
      [`relay ${source.topic}`],
    );
    return row!.count;
  };

  it('what it sends after all comes behind newer events, and leaves readers caught up', async () => {
    source = await TestSource.open('frozen');
    await createTestTopics(brokers, [source]);
    reader = new RowReader(pool, `reader-${source.topic}`, [source.name]);
    const transport = openKafkaTransport(brokers, [source]);
    await transport.subscribe(reader);
    frozen = new RelayChild(brokers, source, { lease, freezesAt: ['relay.beforeSend:2'] });
    try {
      await source.append(1);
      await everythingIsRead();
      other = startRelay(brokers, source, { lease });
      await source.append(1);
      await eventually(() => expect(other?.leading()).toBe(true), { within });
      await source.append(80, { streams: 80 });
      await everythingIsRead();
      frozen.signal('SIGCONT');
      await eventually(async () => expect(await recordsIn(brokers, source.topic)).toBe(83), { within });
      reader.caughtUpWith.clear();
      await eventually(() => expect(reader.caughtUpWith.size).toBe(4), { within });
      expect(reader.delivered).toBe(82);
    } finally {
      frozen.signal('SIGKILL');
      await Promise.all([other?.close(), transport.close()]);
      await source.close();
    }
  });

  it.each([
    ['before it sends', 'relay.beforeSend'],
    ['when what it sent is acknowledged', 'relay.afterAcknowledgement'],
    ['when its place is noted', 'relay.afterCheckpoint'],
    ['while it has nothing to do', undefined],
  ] as const)(
    '%s: another takes over, nothing is lost, and it steps down when it goes on',
    async (_when, freezesAt) => {
      source = await TestSource.open('frozen');
      await createTestTopics(brokers, [source]);
      reader = new RowReader(pool, `reader-${source.topic}`, [source.name]);
      const transport = openKafkaTransport(brokers, [source]);
      await transport.subscribe(reader);
      frozen = new RelayChild(brokers, source, {
        lease,
        ...(freezesAt && { freezesAt: [`${freezesAt}:2`] }),
      });
      const leads = () => eventually(() => expect(frozen.last.leads).toBe(true), { within });
      try {
        await leads();
        // One event is one batch: the next one is the second.
        await source.append(1);
        await everythingIsRead();
        other = startRelay(brokers, source, { lease });
        await eventually(() => expect(other?.healthy()).toBe(true), { within });

        if (freezesAt === undefined) frozen.signal('SIGSTOP');
        await source.append(40);
        await eventually(() => expect(other?.leading()).toBe(true), { within });
        await eventually(async () => expect(await sessions()).toBe(2), { within });
        await source.append(40);
        await everythingIsRead();

        frozen.signal('SIGCONT');
        await source.append(40);
        await eventually(() => expect(frozen.last.stepDowns).toBeGreaterThan(0), { within });
        await source.append(40);
        await everythingIsRead();
        await other.close();
        await leads();
        await source.append(40);
        await everythingIsRead();
      } finally {
        frozen.signal('SIGKILL');
        await Promise.all([other?.close(), transport.close()]);
        await source.close();
      }
    },
  );
});
