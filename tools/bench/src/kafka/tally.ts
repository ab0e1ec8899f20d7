import type { Stretch } from '../rounds.js';

/** Counts what arrives once connections stand: from {@link begin} on, or else from the end of the first batch. */
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

  /** Everything from here on counts; only the first call does. */
  begin(): void {
    this.first ??= { at: this.now(), count: 0 };
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
