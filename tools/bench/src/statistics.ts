/** What is left of many numbers: the one in the middle, and how far they lie apart. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/**
 * The value that `share` of the numbers do not exceed (nearest rank), e.g. share 0.99.
 * @throws RangeError when there are no numbers
 */
export function percentile(numbers: readonly number[], share: number): number {
  if (numbers.length === 0) throw new RangeError('no numbers, so no percentile');
  const sorted = Float64Array.from(numbers).sort();
  const rank = Math.ceil(share * sorted.length);
  return sorted[Math.min(Math.max(rank, 1), sorted.length) - 1]!;
}

/** The number in the middle; of an even count, halfway between the two there. @throws RangeError when there are none */
export function median(numbers: readonly number[]): number {
  const upper = percentile(numbers, 0.5 + 1 / numbers.length / 2);
  return numbers.length % 2 === 1 ? percentile(numbers, 0.5) : (percentile(numbers, 0.5) + upper) / 2;
}

/** @throws RangeError when there are no numbers */
export function spreadOf(numbers: readonly number[]): Spread {
  return { median: median(numbers), min: percentile(numbers, 0), max: percentile(numbers, 1) };
}

/** A fair shuffle (Fisher–Yates); `random` gives numbers from 0 up to 1. */
export function shuffled<T>(list: readonly T[], random: () => number = Math.random): T[] {
  const copy = [...list];
  for (let last = copy.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    [copy[last], copy[other]] = [copy[other]!, copy[last]!];
  }
  return copy;
}

/** Ours over the floor, round by round: what slowed a whole round down falls out. */
export function ratios(ours: readonly number[], floor: readonly number[]): number[] {
  if (ours.length !== floor.length) throw new RangeError('rounds of different number cannot be compared');
  return ours.map((value, round) => value / floor[round]!);
}
