/**
 * The partition of a stream: Kafka's own rule for keyed records (murmur2 of the key, sign bit dropped, modulo), so that any
 * client in any language finds the same. Computed here and not by kafkajs, which changed its rule once already.
 * @param partitions how many there are, fixed for the life of the topic
 */
export function partitionOf(streamId: string, partitions: number): number {
  return (murmur2(Buffer.from(streamId, 'utf8')) & 0x7fffffff) % partitions;
}

const M = 0x5bd1e995;
const SEED = 0x9747b28c;

/** 32-bit MurmurHash2 as in org.apache.kafka.common.utils.Utils, as a signed integer. */
export function murmur2(bytes: Buffer): number {
  const whole = bytes.length & ~3;
  let h = SEED ^ bytes.length;
  for (let at = 0; at < whole; at += 4) {
    let k = Math.imul(bytes.readInt32LE(at), M);
    k = Math.imul(k ^ (k >>> 24), M);
    h = Math.imul(h, M) ^ k;
  }
  const rest = bytes.length - whole;
  if (rest > 0) {
    h ^= bytes.readUIntLE(whole, rest);
    h = Math.imul(h, M);
  }
  h ^= h >>> 13;
  h = Math.imul(h, M);
  return h ^ (h >>> 15);
}
