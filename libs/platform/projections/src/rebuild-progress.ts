import type { Progress } from './generation.js';

/** Counts what was taken in of every source, and says how long the rest of all will take at the speed so far. */
export class RebuildProgress {
  private readonly sources = new Map<string, { from: number; at: number; head: number; begun: number }>();

  /** @param now in milliseconds */
  constructor(private readonly now: () => number) {}

  begin(source: string, from: number, head: number): void {
    this.sources.set(source, { from, at: from, head: Math.max(from, head), begun: this.now() });
  }

  /** @throws when the source was not begun */
  taken(source: string, position: number): Progress {
    const state = this.sources.get(source);
    if (!state) throw new Error(`the progress of ${source} was not begun`);
    state.at = Math.max(state.at, position);
    state.head = Math.max(state.head, position);
    const seconds = (this.now() - state.begun) / 1_000;
    const eventsPerSecond = seconds > 0 ? (state.at - state.from) / seconds : 0;
    const { left, perSecond } = this.whole();
    return {
      source,
      position: state.at,
      head: state.head,
      eventsPerSecond,
      etaSeconds: perSecond > 0 ? left / perSecond : undefined,
      ratio: this.ratio(),
    };
  }

  /** All sources are read at the same time. */
  private whole(): { left: number; perSecond: number } {
    const states = [...this.sources.values()];
    const seconds = (this.now() - Math.min(...states.map(({ begun }) => begun))) / 1_000;
    const taken = states.reduce((sum, { from, at }) => sum + at - from, 0);
    const left = states.reduce((sum, { at, head }) => sum + head - at, 0);
    return { left, perSecond: seconds > 0 ? taken / seconds : 0 };
  }

  /** Of all sources together, 0 to 1. */
  ratio(): number {
    const states = [...this.sources.values()];
    const head = states.reduce((sum, state) => sum + state.head, 0);
    return head === 0 ? 1 : states.reduce((sum, { at }) => sum + at, 0) / head;
  }
}
