import { describe, expect, it } from '@jest/globals';
import { Acknowledgements, NotProved } from './relay-acks.js';

const messages = [0, 1, 0, 2].map((partition) => ({ partition, value: '' }));
const answer = (partition: number, baseOffset: number) => ({
  topicName: 't',
  partition,
  errorCode: 0,
  baseOffset: String(baseOffset),
});

describe('the proof that a batch is in the topic', () => {
  it('is an answer for each of its partitions', () => {
    const acks = new Acknowledgements();
    expect(() => acks.take(messages, [answer(0, 0), answer(2, 0)])).toThrow('no answer for partition 1');
    acks.take(messages, [answer(0, 0), answer(1, 0), answer(2, 0)]);
  });

  it('moves on with every batch', () => {
    const acks = new Acknowledgements();
    acks.take(messages, [answer(0, 5), answer(1, 5), answer(2, 5)]);
    const stale = [answer(0, 7), answer(1, 5), answer(2, 6)];
    expect(() => acks.take(messages, stale)).toThrow(NotProved);
    // Nothing of the refused answer counts: the same batch is sent again and may get these offsets.
    acks.take(messages, [answer(0, 7), answer(1, 6), answer(2, 6)]);
  });

  it('takes the later one of two answers of a partition that has moved', () => {
    const acks = new Acknowledgements();
    acks.take([{ partition: 0, value: '' }], [answer(0, 5)]);
    acks.take([{ partition: 0, value: '' }], [answer(0, 5), answer(0, 9)]);
    expect(() => acks.take([{ partition: 0, value: '' }], [answer(0, 9)])).toThrow(NotProved);
  });
});
