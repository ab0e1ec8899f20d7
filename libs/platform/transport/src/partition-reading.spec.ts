import { describe, expect, it } from '@jest/globals';
import { kafkaOffset } from './kafka-place.js';
import { PartitionReading } from './partition-reading.js';

/** At an offset of a topic, the event of a position. */
const record = (offset: number, position: number, restored: readonly number[] = []) => ({
  offset: kafkaOffset(restored.length, offset),
  position,
  restored,
});
const at = (position: number, restores = 0) => ({ position, restores });

/** Stands at position 30, which is the third record of its partition, and has read that once more. */
function standing(): PartitionReading {
  const reading = new PartitionReading(at(30), 3);
  reading.took([record(2, 30)], at(30));
  return reading;
}
const looks = (reading: PartitionReading, end: number, times: number) =>
  Array.from({ length: times }, () => reading.look(end, 1)).filter((found) => found !== undefined);

describe('what is known of a partition that is read', () => {
  it('is nothing before the record was there that was read last', () => {
    const reading = new PartitionReading(at(30), 3);
    expect(reading.first).toBe(2);
    expect([reading.look(3, 100), reading.completeUpTo()]).toEqual([undefined, undefined]);
    reading.took([record(2, 30)], at(30));
    expect([reading.look(3, 200), reading.completeUpTo(), reading.completeUpTo()]).toEqual([
      undefined,
      200,
      undefined,
    ]);
  });

  it('is that of one that holds nothing, and is read from its beginning', () => {
    const reading = new PartitionReading(at(0), 0);
    reading.look(0, 100);
    expect([reading.first, reading.completeUpTo()]).toEqual([0, 100]);
  });

  it('is nothing while its relay has not said that all is published', () => {
    const reading = standing();
    reading.look(3, undefined);
    expect(reading.completeUpTo()).toBeUndefined();
  });

  it('is the end that was looked at first, once it is reached, however far the partition goes by then', () => {
    const reading = standing();
    reading.look(5, 100);
    reading.look(9, 200);
    reading.took([record(3, 31)], at(31));
    expect([reading.behind, reading.completeUpTo()]).toEqual([6, undefined]);
    reading.took([record(4, 32), record(5, 33)], at(33));
    expect(reading.completeUpTo()).toBe(100);
  });

  it('is nothing of a topic that was made anew since the look', () => {
    const reading = standing();
    reading.look(5, 100);
    reading.took([record(0, 10), record(1, 20), record(2, 30), record(3, 31), record(4, 32)], at(32));
    expect(reading.completeUpTo()).toBeUndefined();
  });

  it('is that of the new end when the partition ends earlier than it did', () => {
    const reading = standing();
    reading.look(5, 100);
    reading.look(4, undefined);
    reading.took([record(3, 31)], at(31));
    expect(reading.completeUpTo()).toBeUndefined();
    reading.look(4, 200);
    expect(reading.completeUpTo()).toBe(200);
  });

  it('is nothing while what was read comes again', () => {
    const reading = new PartitionReading(at(30), 0);
    reading.took([record(0, 10), record(1, 20)], at(30));
    reading.look(2, 100);
    expect(reading.completeUpTo()).toBeUndefined();
    reading.took([record(2, 30)], at(30));
    reading.look(3, 200);
    expect(reading.completeUpTo()).toBe(200);
  });

  it('does not hang on an old event that comes late', () => {
    const reading = standing();
    reading.took([record(3, 20)], at(30));
    reading.look(4, 100);
    expect(reading.completeUpTo()).toBe(100);
  });

  it('nor on one of a relay that had not heard of a restore', () => {
    const reading = new PartitionReading(at(30, 1), 0);
    reading.took([record(0, 20, [15]), record(1, 40)], at(30, 1));
    reading.look(2, 100);
    expect(reading.completeUpTo()).toBeUndefined();
  });
});

describe('a partition that ends before its reader', () => {
  it('is read anew, since it may hold all of it in fewer records, and is told of when it does not', () => {
    const reading = standing();
    expect(looks(reading, 2, 6)).toEqual(['reread']);
    expect(reading.rewind).toBe('now');
    const anew = new PartitionReading(at(30), 0, reading);
    anew.took([record(0, 10), record(1, 20)], at(30));
    expect(looks(anew, 2, 66)).toEqual(['ahead', 'ahead']);
  });

  it('is read anew once more when it is made anew once more', () => {
    const reading = standing();
    looks(reading, 2, 6);
    const anew = new PartitionReading(at(30), 0, reading);
    anew.rewind = 'in vain';
    const later = new PartitionReading(at(30), 3, anew);
    later.look(2, 1);
    expect(later.rewind).toBe('in vain');
    later.look(1, 1);
    expect(later.rewind).toBe('no');
  });

  it('is not told of when it holds all of it', () => {
    const reading = standing();
    looks(reading, 2, 6);
    const anew = new PartitionReading(at(30), 0, reading);
    anew.took([record(0, 10), record(1, 30)], at(30));
    expect(looks(anew, 2, 66)).toEqual([]);
    expect([anew.completeUpTo(), anew.rewind]).toEqual([1, 'no']);
  });

  it('is not told of because of single looks', () => {
    const reading = standing();
    for (let times = 0; times < 10; times += 1) {
      expect(looks(reading, 2, 5)).toEqual([]);
      expect(looks(reading, 3, 1)).toEqual([]);
    }
  });
});
