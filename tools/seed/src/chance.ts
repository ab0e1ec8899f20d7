/** A sequence of numbers that looks random and is the same on every run. */
export interface Chance {
  /** From 0 up to, not including, 1. */
  next(): number;
  /** A whole number, both ends included. */
  whole(from: number, to: number): number;
  happens(probability: number): boolean;
  pick<T>(list: readonly T[]): T;
  /** One of the keys, as often as its weight says. */
  weighted<K extends string>(weights: Readonly<Partial<Record<K, number>>>): K;
}

const { floor, imul } = Math;

/** FNV-1a: spreads similar keys over all 32-bit seeds. */
function seedOf(key: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(key, 'utf8')) hash = imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}

/** The generator mulberry32 (public domain, Tommy Ettinger). */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Every thing has chances of its own, by its key: adding one does not change the others. */
export function chanceOf(key: string): Chance {
  const next = mulberry32(seedOf(key));
  const whole = (from: number, to: number) => from + floor(next() * (to - from + 1));
  return {
    next,
    whole,
    happens: (probability) => next() < probability,
    pick<T>(list: readonly T[]): T {
      if (list.length === 0) throw new Error(`nothing to pick from for ${key}`);
      return list[whole(0, list.length - 1)] as T;
    },
    weighted<K extends string>(weights: Readonly<Partial<Record<K, number>>>): K {
      const entries = Object.entries<number | undefined>(weights);
      let left = next() * entries.reduce((sum, [, weight = 0]) => sum + weight, 0);
      const chosen = entries.find(([, weight = 0]) => (left -= weight) < 0);
      if (!chosen) throw new Error(`nothing to weigh for ${key}`);
      return chosen[0] as K;
    },
  };
}
