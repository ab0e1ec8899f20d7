import { afterAll, afterEach, beforeAll, beforeEach, expect, it, jest } from '@jest/globals';
import { migrate, provision } from '@loa/database';
import { LocalKafka } from '@loa/kafka';
import { LocalPostgres } from '@loa/local-postgres';
import { eventually, freshDatabase } from '@loa/testing';
import type pg from 'pg';
import type { KafkaTransport } from './kafka-transport.js';
import type { Relay } from './relay.js';
import { collectFailures, createTestTopics, openKafkaTransport, startRelay } from './testing/carriers.js';
import { describeWithOwnKafka } from './testing/kafka-suite.js';
import { ReaderTables1700000000001, RowReader, openReaderPool } from './testing/row-reader.js';
import { TestSource, sourceMigrations } from './testing/test-source.js';

// Each takes 3 to 30 s on two idle cores; the limit is for busy ones.
jest.setTimeout(120_000);
const within = 90_000;

await describeWithOwnKafka('when what they stand on fails, relay and readers', () => {
  let kafka: LocalKafka;
  let pool: pg.Pool;
  let source: TestSource;
  let relay: Relay | undefined;
  let transport: KafkaTransport | undefined;
  let reader: RowReader;
  let readers = 0;

  const start = () => {
    relay = startRelay(kafka.brokers, source);
    transport = openKafkaTransport(kafka.brokers, [source]);
    return transport.subscribe(reader);
  };
  const caughtUp = () =>
    eventually(async () => expect(await reader.count(source.name)).toBe(await source.store.head()), {
      within,
    });

  beforeAll(async () => {
    kafka = await LocalKafka.start();
    const access = await freshDatabase('reader', { migrations: [ReaderTables1700000000001] });
    pool = openReaderPool(access.runtime);
  });

  beforeEach(async () => {
    source = await TestSource.open('planning');
    reader = new RowReader(pool, `faults-${++readers}`, [source.name]);
    await createTestTopics(kafka.brokers, [source]);
  });

  afterEach(async () => {
    await Promise.all([relay?.close(), transport?.close()]);
    await source.close();
  });

  afterAll(async () => {
    await pool.end();
    await kafka.stop();
  });

  it('start without Kafka, take events in, and bring them as soon as it is there', async () => {
    await kafka.kill(1);
    const subscription = await start();
    await source.append(50);
    expect(subscription.healthy()).toBe(false);
    expect(relay?.healthy()).toBe(false);
    expect(await source.store.head()).toBe(50);
    await kafka.restart(1);
    await caughtUp();
    expect(await reader.differences(source)).toEqual([]);
    expect(subscription.healthy()).toBe(true);
    expect(relay?.healthy()).toBe(true);
  });

  it('lose nothing and keep the order while the broker is killed and comes back, twice', async () => {
    const subscription = await start();
    await source.append(20);
    await caughtUp();
    const appends: Promise<void>[] = [];
    const flow = setInterval(() => appends.push(source.append(10, { streams: 3 })), 20);
    for (let kill = 0; kill < 2; kill += 1) {
      const published = relay!.counters.published;
      await eventually(() => expect(relay!.counters.published).toBeGreaterThan(published + 100), { within });
      await kafka.kill(1);
      // The second time the relay ends with a batch in its hands, which another one has to send.
      await Promise.all([kill === 1 ? relay?.close() : undefined, kafka.restart(1)]);
    }
    clearInterval(flow);
    await Promise.all(appends);
    relay = startRelay(kafka.brokers, source);
    await caughtUp();
    expect(await reader.differences(source)).toEqual([]);
    // Not deaf: what comes after the faults arrives too.
    await source.append(10);
    await caughtUp();
    expect(subscription.healthy()).toBe(true);
  });

  it('go on after the PostgreSQL of the log was cut off and came back', async () => {
    const postgres = await LocalPostgres.start();
    try {
      const access = await provision(postgres.adminUrl, 'planning', { owner: 'o', runtime: 'r' });
      await migrate(access.owner, { migrations: sourceMigrations });
      await source.close();
      source = TestSource.in('planning', access);
      await createTestTopics(kafka.brokers, [source]);
      const { errors, onError } = collectFailures();
      relay = startRelay(kafka.brokers, source, { onError });
      transport = openKafkaTransport(kafka.brokers, [source]);
      await transport.subscribe(reader);
      await source.append(100);
      await caughtUp();
      await postgres.stop('immediate');
      await eventually(() => expect(errors).not.toEqual([]), { within });
      await postgres.up();
      await eventually(() => source.append(100), { within });
      await caughtUp();
      expect(await reader.differences(source)).toEqual([]);
      expect(relay.counters.elections).toBeGreaterThanOrEqual(2);
    } finally {
      await Promise.all([relay?.close(), transport?.close()]);
      await source.close();
      source = await TestSource.open('planning');
      await postgres.close();
    }
  });
});
