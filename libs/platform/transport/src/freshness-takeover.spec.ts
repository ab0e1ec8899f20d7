import { expect, it, jest } from '@jest/globals';
import { eventually } from '@loa/testing';
import { heartbeatTopic } from './kafka-settings.js';
import { createTestTopics, openKafkaTransport, startRelay } from './testing/carriers.js';
import { describeWithKafka } from './testing/kafka-suite.js';
import { RelayChild } from './testing/relay-child.js';
import { TestSource } from './testing/test-source.js';
import { recordsIn } from './testing/topics.js';
import { Witness } from './testing/witness.js';

jest.setTimeout(120_000);
const within = 60_000;
const lease = { leaseMs: 2_000, hangsAfterMs: 180_000 };

describeWithKafka('a relay that was frozen before its word while another took over', (brokers) => {
  it('proves nothing when it goes on, nor do both together, of what neither has published', async () => {
    const source = await TestSource.open('takeover');
    await createTestTopics(brokers, [source]);
    const witness = new Witness(source);
    const transport = openKafkaTransport(brokers, [source]);
    const children: RelayChild[] = [];
    const allFrozen = () =>
      eventually(
        async () => {
          for (const child of children) expect(await child.frozen()).toBe(true);
        },
        { within },
      );
    /**
     * Leads, and is frozen between a look that found an empty log and its word; when it goes on, once more before it
     * publishes anything. Not before its first word: it has the connection then on which the next one goes out at once.
     */
    const leadsAndFreezes = async () => {
      const freezesAt = ['relay.beforeHeartbeat:2', 'relay.beforeSend:1'] as const;
      children.push(new RelayChild(brokers, source, { lease, freezesAt }));
      await allFrozen();
    };
    const goOn = () => {
      for (const child of children) child.signal('SIGCONT');
    };
    const words = () => recordsIn(brokers, heartbeatTopic(source.topic));
    /** The reader has asked how many words there are, and told of all partitions, more than once. */
    const asked = async () => {
      const told = witness.claims.length;
      await eventually(() => expect(witness.claims.length).toBeGreaterThan(told + 8), { within });
    };
    const earlier = startRelay(brokers, source, { lease });
    try {
      await transport.subscribe(witness);
      await eventually(() => expect(witness.upTo).toBeGreaterThan(0), { within });
      await earlier.close();
      await leadsAndFreezes();
      await leadsAndFreezes();

      await source.append(20);
      const unpublished = await witness.note();
      await asked();
      const before = await words();
      goOn();
      await eventually(async () => expect(await words()).toBe(before + 2), { within });
      await allFrozen();
      await asked();
      expect([await recordsIn(brokers, source.topic), await words()]).toEqual([0, before + 2]);
      expect(witness.upTo).toBeLessThan(unpublished);

      goOn();
      await eventually(() => expect(witness.upTo).toBeGreaterThan(unpublished), { within });
    } finally {
      for (const child of children) child.signal('SIGKILL');
      await Promise.all([earlier.close(), transport.close()]);
      const breaches = await witness.breaches();
      await source.close();
      expect(breaches).toEqual([]);
    }
  });
});
