import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { eventually } from '@loa/testing';
import { heartbeatTopic } from './kafka-settings.js';
import { RelayHeartbeat } from './relay-heartbeat.js';
import { createTestTopics } from './testing/carriers.js';
import { describeWithKafka } from './testing/kafka-suite.js';
import { TestSource } from './testing/test-source.js';
import { recordsIn } from './testing/topics.js';

jest.setTimeout(60_000);
const within = 30_000;

describeWithKafka('the heartbeat of a relay', (brokers) => {
  let source: TestSource;
  let heartbeat: RelayHeartbeat;
  let over: AbortController;
  const sent = () => recordsIn(brokers, heartbeatTopic(source.topic));
  /** Beats with a look that begins now until it goes out. */
  const beaten = (count: number) =>
    eventually(
      async () => {
        heartbeat.beat(performance.now());
        expect(await sent()).toBeGreaterThanOrEqual(count);
      },
      { within },
    );
  /** In which three could be sent. */
  const forAWhile = (beat: () => void) => {
    const begun = performance.now();
    return eventually(() => {
      beat();
      expect(performance.now()).toBeGreaterThan(begun + 1_800);
    });
  };

  beforeEach(async () => {
    source = await TestSource.open('beating');
    await createTestTopics(brokers, [source]);
    over = new AbortController();
    const address = { brokers, clientId: 'loa-test-heartbeat', pace: 'local' } as const;
    const survived = () => undefined;
    heartbeat = new RelayHeartbeat(address, heartbeatTopic(source.topic), 'epoch 1', over.signal, survived);
  });
  afterEach(async () => {
    await heartbeat.close();
    await source.close();
  });

  it('says nothing of a look that began before the last one was acknowledged', async () => {
    const early = performance.now();
    await beaten(1);
    const before = await sent();
    await forAWhile(() => heartbeat.beat(early));
    // One may have been on its way.
    expect(await sent()).toBeLessThanOrEqual(before + 1);
    await beaten(before + 2);
  });

  it('beats no more than twice a second, and not once the time of its relay is over', async () => {
    const begun = performance.now();
    await beaten(4);
    expect(performance.now() - begun).toBeGreaterThan(1_000);
    over.abort();
    const before = await sent();
    await forAWhile(() => heartbeat.beat(performance.now()));
    expect(await sent()).toBeLessThanOrEqual(before + 1);
  });
});
