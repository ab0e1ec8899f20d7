import type { Stretch } from '../rounds.js';

/** Counts what arrives, from the end of the first batch on: before it lies joining a group, which is no throughput. */
export class Tally {
  /** Resolves when all of it has arrived. */
  readonly complete: Promise<Stretch>;
  private resolve: (stretch: Stretch) => void = () => undefined;
  private first: { readonly at: number; readonly count: number } | undefined;
  private seen = 0;

  /** @param total how much will arrive, the first batch included */
  constructor(
    private readonly total: number,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.complete = new Promise((resolve) => (this.resolve = resolve));
  }

  add(count: number): void {
    const at = this.now();
    this.first ??= { at, count };
    this.seen += count;
    if (this.seen < this.total) return;
    const seconds = (at - this.first.at) / 1_000;
    this.resolve({ count: this.seen - this.first.count, seconds, latencies: [] });
  }
}
