import { median, percentile } from '../statistics.js';

/** One look at a process under load. */
export interface Sample {
  /** Commands that were answered before. */
  readonly commands: number;
  /** In MiB. */
  readonly value: number;
}

export interface Trend {
  /** What is held when nothing is waiting to be collected, at the end; in MiB. */
  readonly level: number;
  /** MiB for 1,000 commands. */
  readonly slope: number;
  /** The slope is no more than what this series sways by itself. */
  readonly flat: boolean;
}

/** Of the samples, oldest first: while code is compiled and caches fill, memory grows and should. */
export const WARM_UP_SHARE = 1 / 3;
/** Garbage rises and falls in each stretch; its lowest point is what is held. */
export const STRETCHES = 6;
/** Less than this share of the level over the whole time is not called growth. */
const NOTHING = 0.02;

/**
 * Whether memory grows with the number of commands. The slope is the median of the slopes between any two stretches
 * (Theil–Sen): one late collection does not tilt it.
 * @throws RangeError with fewer samples than it takes
 */
export function trendOf(samples: readonly Sample[]): Trend {
  const lows = lowsOf(samples.slice(Math.floor(samples.length * WARM_UP_SHARE)));
  const slope = median(slopesOf(lows));
  const first = lows[0]!;
  const sway = lows.map(({ commands, value }) => value - slope * (commands - first.commands));
  const level = lows.at(-1)!.value;
  const growth = slope * (lows.at(-1)!.commands - first.commands);
  const noise = Math.max(percentile(sway, 1) - percentile(sway, 0), NOTHING * level);
  return { level, slope: slope * 1_000, flat: growth <= noise };
}

function lowsOf(samples: readonly Sample[]): Sample[] {
  if (samples.length < 2 * STRETCHES) throw new RangeError(`${samples.length} samples show no trend`);
  const size = samples.length / STRETCHES;
  return Array.from({ length: STRETCHES }, (_, n) => {
    const stretch = samples.slice(Math.floor(n * size), Math.floor((n + 1) * size));
    return stretch.reduce((low, sample) => (sample.value < low.value ? sample : low));
  });
}

const slopesOf = (lows: readonly Sample[]): number[] =>
  lows.flatMap((from, index) =>
    lows.slice(index + 1).map((to) => (to.value - from.value) / (to.commands - from.commands)),
  );
