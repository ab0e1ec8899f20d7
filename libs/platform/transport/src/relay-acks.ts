import type { Message, RecordMetadata } from 'kafkajs';

/** kafkajs said "sent", and what it shows for it does not hold. */
export class NotProved extends Error {}

/**
 * The proof that a batch is in the topic: an answer for each of its partitions, with an offset behind every offset
 * acknowledged before. The word of kafkajs alone is not enough; both of these were seen or follow from its source:
 * - It keeps the answers of one send by broker. When a broker dies and its partitions move to one that has answered
 *   already, the next try does not ask that one again and the send "succeeds" without them. With three brokers under
 *   load about every second kill lost events that way.
 * - A request that it has given up may still be under way and set the numbering of the idempotent producer back. The
 *   broker then takes the next batch for a repeat and answers with the offset of the old one.
 */
export class Acknowledgements {
  private readonly last = new Map<number, number>();

  /** @throws NotProved, and then remembers nothing */
  take(messages: readonly Message[], answers: readonly RecordMetadata[]): void {
    const offsets = new Map<number, number>();
    for (const { partition, baseOffset = '-1' } of answers) {
      offsets.set(partition, Math.max(Number(baseOffset), offsets.get(partition) ?? -1));
    }
    for (const { partition = -1 } of messages) {
      const offset = offsets.get(partition);
      if (offset === undefined) throw new NotProved(`no answer for partition ${partition}`);
      const before = this.last.get(partition) ?? -1;
      if (offset > before) continue;
      throw new NotProved(
        `partition ${partition} answers with offset ${offset}, but ${before} was acknowledged before`,
      );
    }
    for (const [partition, offset] of offsets) this.last.set(partition, offset);
  }
}
