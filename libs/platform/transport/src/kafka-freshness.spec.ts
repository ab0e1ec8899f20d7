import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { createTopics } from '@loa/kafka';
import { eventually } from '@loa/testing';
import { setTimeout as pause } from 'node:timers/promises';
import { heartbeatTopic } from './kafka-settings.js';
import type { KafkaTransport } from './kafka-transport.js';
import type { Relay } from './relay.js';
import {
  collectFailures,
  createTestTopics,
  openKafkaTransport,
  startRelay,
  TEST_PARTITIONS,
  topicsOf,
} from './testing/carriers.js';
import { describeWithKafka } from './testing/kafka-suite.js';
import { RelayChild } from './testing/relay-child.js';
import { TestSource } from './testing/test-source.js';
import { deleteTopic, recordsIn } from './testing/topics.js';
import { Witness } from './testing/witness.js';

jest.setTimeout(120_000);
const within = 60_000;

describeWithKafka('that a reader over Kafka has everything up to an instant', (brokers) => {
  let source: TestSource;
  let witness: Witness;
  let transport: KafkaTransport;
  const relays: Relay[] = [];

  const relayed = (onError?: (error: unknown) => void) => {
    const relay = startRelay(brokers, source, onError && { onError });
    relays.push(relay);
    return relay;
  };
  const reading = async (onError?: (error: unknown) => void) => {
    transport = openKafkaTransport(brokers, [source], onError);
    await transport.subscribe(witness);
  };
  const append = async (count: number) => {
    await source.append(count);
    return witness.note();
  };
  const knownUpTo = (instant: number) =>
    eventually(() => expect(witness.upTo).toBeGreaterThan(instant), { within });
  /** The reader goes on looking at all partitions: so often it could have been told something else. */
  const severalLooks = async () => {
    const told = witness.claims.length;
    await eventually(() => expect(witness.claims.length).toBeGreaterThan(told + 20), { within });
  };

  beforeEach(async () => {
    source = await TestSource.open('fresh');
    witness = new Witness(source);
  });
  afterEach(async () => {
    await Promise.all([transport.close(), ...relays.splice(0).map((relay) => relay.close())]);
    const breaches = await witness.breaches();
    await source.close();
    expect(breaches).toEqual([]);
  });

  it('is known while nothing happens, under a steady trickle, and after a backlog', async () => {
    await createTestTopics(brokers, [source]);
    relayed();
    await reading();
    await knownUpTo(performance.now());

    let trickling = true;
    // Whenever the relay looks, there is something.
    const trickle = Array.from({ length: 4 }, async () => {
      while (trickling) await append(3);
    });
    await knownUpTo(performance.now());
    await knownUpTo(performance.now());
    trickling = false;
    await Promise.all(trickle);

    await Promise.all(relays.splice(0).map((relay) => relay.close()));
    await source.appendMany(5_000);
    const appended = await witness.note();
    relayed();
    await knownUpTo(appended);
  });

  it('is known under a flow that never lets the reader come to the end', async () => {
    await createTestTopics(brokers, [source]);
    relayed();
    const take = witness.handle.bind(witness);
    jest.spyOn(witness, 'handle').mockImplementation(async (batch) => {
      await pause(200);
      await take(batch);
    });
    await reading();
    let flowing = true;
    const flow = (async () => {
      while (flowing) {
        await append(20);
        await pause(20);
      }
    })();
    for (let times = 0; times < 3; times += 1) await knownUpTo(performance.now());
    flowing = false;
    await flow;
  });

  it('is not known of what was recorded after the relay ended, until another has published it', async () => {
    await createTestTopics(brokers, [source]);
    const relay = relayed();
    await reading();
    await append(5);
    await knownUpTo(performance.now());
    await relay.close();
    const unpublished = await append(20);
    await severalLooks();
    expect(witness.upTo).toBeLessThan(unpublished);
    relayed();
    await knownUpTo(unpublished);
  });

  it.each([
    ['anywhere', undefined],
    ['between its look at the log and its word', 'relay.beforeHeartbeat:20'],
  ] as const)(
    'is not known of what was recorded while its only relay was frozen %s',
    async (_, freezesAt) => {
      await createTestTopics(brokers, [source]);
      const child = new RelayChild(brokers, source, freezesAt && { freezesAt: [freezesAt] });
      try {
        await reading();
        await append(5);
        await eventually(() => expect(witness.upTo).toBeGreaterThan(0), { within });
        if (freezesAt === undefined) child.signal('SIGSTOP');
        await eventually(async () => expect(await child.frozen()).toBe(true), { within });
        const unpublished = await append(20);
        await severalLooks();
        expect(witness.upTo).toBeLessThan(unpublished);
        child.signal('SIGCONT');
        await knownUpTo(unpublished);
      } finally {
        child.signal('SIGKILL');
      }
    },
  );

  it('is not known of a topic that was made anew, until everything is published to it again', async () => {
    await createTestTopics(brokers, [source]);
    const relay = relayed();
    const refusing = jest.spyOn(witness, 'handle').mockRejectedValue(new Error('not yet'));
    await reading();
    const appended = await append(1);
    // Of the partitions that hold nothing.
    await eventually(() => expect(witness.claims.some(({ upTo }) => upTo > appended)).toBe(true), { within });
    await relay.close();
    await deleteTopic(brokers, source.topic);
    await eventually(() => createTestTopics(brokers, [source]), { within });
    // It ends where the reader stands. Time for some looks.
    await pause(4_000);
    expect(await recordsIn(brokers, source.topic)).toBe(0);
    await source.asOwner('UPDATE es.relay SET position = 0, tails = array_fill(0, ARRAY[$1::int])', [
      TEST_PARTITIONS,
    ]);
    refusing.mockRestore();
    relayed();
    await knownUpTo(await witness.note());
  });

  it('is not known while a relay has not come to the end of the log', async () => {
    await createTestTopics(brokers, [source]);
    await source.appendMany(12_500);
    // Only the last of its reads is not full.
    const child = new RelayChild(brokers, source, { freezesAt: ['relay.beforeSend:13'] });
    try {
      await reading();
      await eventually(async () => expect(await child.frozen()).toBe(true), { within });
      expect(await recordsIn(brokers, source.topic)).toBe(12_000);
      expect(await recordsIn(brokers, heartbeatTopic(source.topic))).toBe(0);
      child.signal('SIGCONT');
      await knownUpTo(await witness.note());
    } finally {
      child.signal('SIGKILL');
    }
  });

  it('is not known without the topic of the heartbeats; events flow, and both sides say what to do', async () => {
    const [events, heartbeats] = topicsOf(source.topic);
    await createTopics(brokers, [events!]);
    const [relayFailures, readerFailures] = [collectFailures(), collectFailures()];
    relayed(relayFailures.onError);
    await reading(readerFailures.onError);
    await append(10);
    await eventually(() => expect(transport.counters.delivered).toBe(10), { within });
    for (const { errors } of [relayFailures, readerFailures])
      await eventually(
        () =>
          expect(errors.map(String).join()).toMatch(
            /topic loa\.test-fresh-\w+\.heartbeat does not exist.*with tools\/kafka\/src\/create-topics\.ts/,
          ),
        { within },
      );
    const after = await append(10);
    await eventually(() => expect(transport.counters.delivered).toBe(20), { within });
    expect([witness.claims, relays[0]!.healthy()]).toEqual([[], true]);
    await createTopics(brokers, [heartbeats!]);
    await knownUpTo(after);
  });
});
