import { describe, expect, it } from '@jest/globals';
import { Partitioners } from 'kafkajs';
import { randomUUID } from 'node:crypto';
import { murmur2, partitionOf } from './partition-of.js';

describe('the partition of a stream', () => {
  // From org.apache.kafka.common.utils.UtilsTest.testMurmur2.
  it.each([
    ['21', -973932308],
    ['foobar', -790332482],
    ['a-little-bit-long-string', -985981536],
    ['a-little-bit-longer-string', -1486304829],
    ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
    ['abc', 479470107],
  ])('hashes "%s" as Kafka does', (text, hash) => expect(murmur2(Buffer.from(text))).toBe(hash));

  it('is where a client that leaves it to Kafka would look', () => {
    const choose = Partitioners.DefaultPartitioner();
    const partitionMetadata = Array.from({ length: 12 }, (_, partitionId) => ({
      partitionId,
      partitionErrorCode: 0,
      leader: 1,
      replicas: [1],
      isr: [1],
    }));
    for (let n = 0; n < 1_000; n += 1) {
      const key = randomUUID();
      expect(partitionOf(key, 12)).toBe(
        choose({ topic: 't', partitionMetadata, message: { key, value: '' } }),
      );
    }
  });

  it('never changes: a stream stays where its first event was put', () => {
    expect(partitionOf('018f3c1e-7b1a-7cc3-9d5e-1f2a3b4c5d6e', 12)).toBe(7);
    expect(partitionOf('00000000-0000-4000-8000-000000000001', 12)).toBe(6);
  });
});
