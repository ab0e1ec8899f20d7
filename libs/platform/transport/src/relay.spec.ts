import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { eventually } from '@loa/testing';
import type { Relay } from './relay.js';
import { TEST_PARTITIONS, collectFailures, createTestTopics, startRelay } from './testing/carriers.js';
import { describeWithKafka } from './testing/kafka-suite.js';
import { TestSource } from './testing/test-source.js';
import { recordsIn } from './testing/topics.js';

jest.setTimeout(30_000);
const within = 20_000;

describeWithKafka('the relay', (brokers) => {
  let source: TestSource;
  const relays: Relay[] = [];

  const start = (options: Parameters<typeof startRelay>[2] = {}) => {
    const relay = startRelay(brokers, source, options);
    relays.push(relay);
    return relay;
  };
  const messages = (errors: readonly unknown[]) =>
    errors.map((error) => (error instanceof Error ? error.message : ''));
  const publishedUpTo = async () => {
    const [row] = await source.asOwner<{ position: number }>('SELECT position::int FROM es.relay');
    return row?.position ?? 0;
  };
  const published = (position: number) =>
    eventually(async () => expect(await publishedUpTo()).toBe(position), { within });
  const leads = (relay: Relay) => eventually(() => expect(relay.leading()).toBe(true), { within });

  beforeEach(async () => {
    source = await TestSource.open('planning');
  });

  afterEach(async () => {
    await Promise.all(relays.splice(0).map((relay) => relay.close()));
    await source.close();
  });

  it('has one leader, and another takes over when it closes', async () => {
    await createTestTopics(brokers, [source]);
    const first = start();
    await leads(first);
    const second = start();
    await eventually(() => expect(second.healthy()).toBe(true), { within });
    await source.append(30);
    await published(30);
    expect(first.counters.published).toBe(30);
    expect(second.leading()).toBe(false);
    expect(second.counters).toMatchObject({ published: 0, elections: 0 });

    await first.close();
    await leads(second);
    await source.append(20);
    await published(50);
    expect(second.counters.published).toBe(20);
    expect(second.healthy()).toBe(true);
  });

  it('stops before a hole in the log, says which position is missing, and goes on when it is there again', async () => {
    await createTestTopics(brokers, [source]);
    await source.append(10);
    await source.asOwner(`
      ALTER TABLE es.event DISABLE TRIGGER append_only;
      CREATE TABLE taken AS SELECT * FROM es.event WHERE position = 6;
      DELETE FROM es.event WHERE position = 6;`);
    const { errors, onError } = collectFailures();
    const relay = start({ onError });
    await eventually(() => expect(relay.refusal()?.reason).toBe('hole-in-log'), { within });
    expect(messages(errors).join()).toContain('position 6 is missing, the next event is 7');
    expect(relay.healthy()).toBe(false);
    expect(await publishedUpTo()).toBe(5);
    expect(await recordsIn(brokers, source.topic)).toBe(5);

    await source.asOwner('INSERT INTO es.event SELECT * FROM taken');
    await published(10);
    await eventually(() => expect(relay.healthy()).toBe(true), { within });
    expect(relay.refusal()).toBeUndefined();
    expect(await recordsIn(brokers, source.topic)).toBe(10);
  });

  it('refuses a topic with another number of partitions', async () => {
    await createTestTopics(brokers, [source]);
    await source.append(5);
    const { errors, onError } = collectFailures();
    const relay = start({ onError, partitions: TEST_PARTITIONS + 3 });
    await eventually(() => expect(relay.refusal()?.reason).toBe('wrong-partition-count'), { within });
    expect(messages(errors).join()).toContain(`${source.topic} has 4 partitions and the relay is set to 7`);
    expect(relay.healthy()).toBe(false);
    expect(await recordsIn(brokers, source.topic)).toBe(0);

    await relay.close();
    start();
    await published(5);
  });

  it('refuses another number of partitions than the log was published to before', async () => {
    await createTestTopics(brokers, [source]);
    await source.append(5);
    const before = start();
    await published(5);
    await before.close();
    const relay = start({ partitions: TEST_PARTITIONS + 3 });
    await eventually(() => expect(relay.refusal()?.reason).toBe('wrong-partition-count'), { within });
    expect(relay.refusal()?.message).toContain('was published to 4 partitions and is now set to 7');
  });

  it('says that its topic is missing, and publishes as soon as it is there', async () => {
    await source.append(5);
    const relay = start();
    await eventually(() => expect(relay.refusal()?.reason).toBe('topic-missing'), { within });
    expect(relay.refusal()?.message).toContain(`topic ${source.topic} does not exist`);
    await createTestTopics(brokers, [source]);
    await published(5);
    await eventually(() => expect(relay.healthy()).toBe(true), { within });
  });

  it('refuses a log that ends before what was published', async () => {
    await createTestTopics(brokers, [source]);
    await source.append(5);
    await source.asOwner(
      `INSERT INTO es.relay (name, position, epoch, tails) VALUES ($1, 9, 3, array_fill(0::bigint, ARRAY[4]))`,
      [source.topic],
    );
    const relay = start();
    await eventually(() => expect(relay.refusal()?.reason).toBe('log-ends-early'), { within });
    expect(relay.refusal()?.message).toContain('the log ends at 5, but it was published up to 9');
    expect(await recordsIn(brokers, source.topic)).toBe(0);
  });

  it('steps down when another has opened a new epoch, at work and idle, and stands for election again', async () => {
    await createTestTopics(brokers, [source]);
    const relay = start();
    await source.append(10);
    await published(10);

    await source.asOwner('UPDATE es.relay SET epoch = epoch + 1');
    await source.append(10);
    await eventually(() => expect(relay.counters.stepDowns).toBe(1), { within });
    await published(20);
    expect(relay.counters.elections).toBe(2);
    expect(await recordsIn(brokers, source.topic)).toBeGreaterThanOrEqual(20);

    await source.asOwner('UPDATE es.relay SET epoch = epoch + 1');
    await eventually(() => expect(relay.counters.stepDowns).toBe(2), { within });
    await leads(relay);
    await source.append(10);
    await published(30);
  });
});
