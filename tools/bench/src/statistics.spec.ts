import fc from 'fast-check';
import { median, percentile, ratios, shuffled, spreadOf } from './statistics.js';

const numbers = fc.array(fc.integer({ min: -1_000, max: 1_000 }), { minLength: 1 });

describe('percentile', () => {
  it.each([
    [0, 1],
    [0.5, 3],
    [0.8, 4],
    [0.99, 5],
    [1, 5],
  ])('of 1 to 5, share %d is %d', (share, value) => expect(percentile([3, 1, 5, 2, 4], share)).toBe(value));

  it('is one of the numbers, and the share of them does not exceed it', () =>
    fc.assert(
      fc.property(numbers, fc.double({ min: 0, max: 1, noNaN: true }), (list, share) => {
        const value = percentile(list, share);
        expect(list).toContain(value);
        expect(list.filter((one) => one <= value).length).toBeGreaterThanOrEqual(share * list.length - 1e-6);
      }),
    ));

  it('leaves the list as it was, and refuses an empty one', () => {
    const list = [2, 1];
    percentile(list, 0.5);
    expect(list).toEqual([2, 1]);
    expect(() => percentile([], 0.5)).toThrow(RangeError);
  });
});

describe('median', () => {
  it.each([
    [[7], 7],
    [[1, 2], 1.5],
    [[9, 1, 5], 5],
    [[4, 1, 3, 2], 2.5],
  ])('of %j is %d', (list, value) => expect(median(list)).toBe(value));

  it('has as many numbers above it as below', () =>
    fc.assert(
      fc.property(numbers, (list) => {
        const middle = median(list);
        const below = list.filter((one) => one < middle).length;
        const above = list.filter((one) => one > middle).length;
        expect(below).toBeLessThanOrEqual(list.length / 2);
        expect(above).toBeLessThanOrEqual(list.length / 2);
      }),
    ));
});

it('tells the spread', () => expect(spreadOf([2, 8, 3])).toEqual({ median: 3, min: 2, max: 8 }));

describe('shuffled', () => {
  it('keeps what is there', () =>
    fc.assert(
      fc.property(fc.array(fc.integer()), (list) => {
        const byValue = (a: number, b: number) => a - b;
        expect(shuffled(list).toSorted(byValue)).toEqual(list.toSorted(byValue));
      }),
    ));

  it('brings every order about equally often', () => {
    const seen = new Map<string, number>();
    for (let turn = 0; turn < 6_000; turn += 1) {
      const order = shuffled(['a', 'b', 'c']).join('');
      seen.set(order, (seen.get(order) ?? 0) + 1);
    }
    expect(seen.size).toBe(6);
    for (const times of seen.values()) expect(Math.abs(times - 1_000)).toBeLessThan(200);
  });
});

describe('ratios', () => {
  it('compares round with round', () => expect(ratios([2, 9], [1, 3])).toEqual([2, 3]));
  it('refuses rounds that do not pair up', () => expect(() => ratios([1], [1, 2])).toThrow(RangeError));
});
