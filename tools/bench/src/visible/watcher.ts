import type { Accepted } from '@loa/outside';
import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';

/** Polls begin no closer than this, in milliseconds. */
export const POLL_MS = 2;

type Shown = Pick<Accepted, 'id' | 'version'>;

interface Awaited extends Shown {
  readonly since: number;
  readonly seen: (ms: number) => void;
}

/**
 * Looks into the read database whether the row of what was accepted is there: one poll at a time, for all that is
 * awaited. By SQL, because a question to the gateway costs more than the command that is watched.
 */
export class Watcher {
  /** How long each poll took to be answered: the least that can be measured here. */
  readonly polls: number[] = [];
  /** From the begin of a poll to the begin of the next one, while something was awaited. */
  readonly intervals: number[] = [];
  private waiting: Awaited[] = [];
  private running: Promise<void> | undefined;

  constructor(private readonly readDatabase: pg.Client) {}

  /** @returns milliseconds from now until a poll has shown it. Call it when the acceptance arrives. */
  until({ id, version }: Shown): Promise<number> {
    const since = performance.now();
    return new Promise((resolve, reject) => {
      this.waiting.push({ id, version, since, seen: resolve });
      this.running ??= this.poll().finally(() => (this.running = undefined));
      this.running.catch(reject);
    });
  }

  private async poll(): Promise<void> {
    for (let before: number | undefined; this.waiting.length > 0;) {
      const begin = performance.now();
      if (before !== undefined) this.intervals.push(begin - before);
      before = begin;
      await this.look(this.waiting);
      const end = performance.now();
      this.polls.push(end - begin);
      if (end - begin < POLL_MS) await pause(POLL_MS - (end - begin));
    }
  }

  private async look(asked: readonly Awaited[]): Promise<void> {
    const { rows } = await this.readDatabase.query<[id: string, version: number]>({
      name: 'versions',
      text: 'SELECT id, version FROM read.activity WHERE id = ANY ($1)',
      values: [asked.map(({ id }) => id)],
      rowMode: 'array',
    });
    const now = performance.now();
    const versions = new Map(rows);
    const seen = new Set(asked.filter(({ id, version }) => (versions.get(id) ?? 0) >= version));
    this.waiting = this.waiting.filter((one) => !seen.has(one));
    for (const { since, seen: tell } of seen) tell(now - since);
  }
}
