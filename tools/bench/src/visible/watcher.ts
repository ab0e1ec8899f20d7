import type { Accepted, Client } from '@loa/outside';
import { setTimeout as pause } from 'node:timers/promises';

/** Polls begin no closer than this, in milliseconds. */
export const POLL_MS = 3;
/** A document for each of these numbers of activities, so that the server has parsed all it is asked before. */
const SIZES = [1, 2, 4, 8, 15];

type Shown = Pick<Accepted, 'id' | 'version'>;

interface Awaited extends Shown {
  readonly since: number;
  readonly seen: (ms: number) => void;
}

const documentOf = (size: number): string => {
  const ids = Array.from({ length: size }, (_, index) => index);
  const variables = ids.map((index) => `$i${index}: ID!`).join(', ');
  const fields = ids.map((index) => `a${index}: activity(id: $i${index}) { version }`).join(' ');
  return `query Versions${size}(${variables}) { ${fields} }`;
};
const documents = new Map(SIZES.map((size) => [size, documentOf(size)]));

/** Looks through the gateway whether what was accepted can be seen: one poll at a time, for all that is awaited. */
export class Watcher {
  /** How long each poll took to be answered: the least that can be measured here. */
  readonly polls: number[] = [];
  /** From the begin of a poll to the begin of the next one, while something was awaited. */
  readonly intervals: number[] = [];
  private waiting: Awaited[] = [];
  private running: Promise<void> | undefined;

  constructor(private readonly client: Client) {}

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
      await this.look(this.waiting.slice(0, SIZES.at(-1)));
      const end = performance.now();
      this.polls.push(end - begin);
      if (end - begin < POLL_MS) await pause(POLL_MS - (end - begin));
    }
  }

  private async look(asked: readonly Awaited[]): Promise<void> {
    const size = SIZES.find((one) => one >= asked.length)!;
    const variables = Object.fromEntries(
      Array.from({ length: size }, (_, index) => [`i${index}`, (asked[index] ?? asked[0]!).id]),
    );
    const answer = await this.client.query<Record<string, { version: number } | null>>(
      documents.get(size)!,
      variables,
    );
    const now = performance.now();
    const seen = new Set(
      asked.filter(({ version }, index) => (answer[`a${index}`]?.version ?? 0) >= version),
    );
    this.waiting = this.waiting.filter((one) => !seen.has(one));
    for (const { since, seen: tell } of seen) tell(now - since);
  }
}
