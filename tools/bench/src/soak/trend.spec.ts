import { trendOf, type Sample } from './trend.js';

/** Garbage that comes and goes, above what is held. */
const saw = (held: (commands: number) => number): Sample[] =>
  Array.from({ length: 90 }, (_, n) => ({ commands: n * 100, value: held(n * 100) + (n % 5) * 8 }));

it('calls memory flat that only rises and falls', () =>
  expect(trendOf(saw(() => 100))).toMatchObject({ level: 100, slope: 0, flat: true }));

it('does not take the warm-up for growth', () =>
  expect(trendOf(saw((commands) => 100 - Math.max(0, 50 - commands / 60)))).toMatchObject({
    slope: 0,
    flat: true,
  }));

it('finds a leak of 2 MiB a thousand commands', () => {
  const { slope, flat } = trendOf(saw((commands) => 100 + commands / 500));
  expect(slope).toBeCloseTo(2, 1);
  expect(flat).toBe(false);
});

it('is not misled by one late collection', () => {
  const samples = saw(() => 100).map((sample, n) => (n > 80 ? { ...sample, value: 160 } : sample));
  expect(trendOf(samples).flat).toBe(true);
});

it('does not call shrinking growth', () =>
  expect(trendOf(saw((commands) => 200 - commands / 100)).flat).toBe(true));

it('says nothing of a few samples', () =>
  expect(() => trendOf(saw(() => 1).slice(0, 9))).toThrow(RangeError));
