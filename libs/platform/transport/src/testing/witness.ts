import { wholeLog } from '@loa/event-store';
import { partitionOf } from '../partition-of.js';
import type { CaughtUp, Checkpoint, DeliveredBatch, Subscriber } from '../event-transport.js';
import { TEST_PARTITIONS } from './carriers.js';
import type { TestSource } from './test-source.js';

/** Instants are on the clock of `performance.now()`. */
interface Claim {
  readonly partition: number;
  /** When it was made. */
  readonly at: number;
  /** Nothing recorded up to then was missing. */
  readonly upTo: number;
}

/** A reader that remembers everything it was told, to hold being caught up to what was recorded by then. */
export class Witness implements Subscriber {
  readonly name: string;
  readonly sources: readonly string[];
  readonly claims: Claim[] = [];
  /** When each position was taken in first. */
  private readonly taken = new Map<number, number>();
  private readonly places = new Map<number, Checkpoint>();
  /** The log was known to end at `head`, or behind it. */
  private readonly recorded: { readonly at: number; readonly head: number }[] = [];

  constructor(private readonly source: TestSource) {
    this.name = `witness-${source.topic}`;
    this.sources = [source.name];
  }

  /** Everything in the log by now counts as recorded by now. @returns this instant */
  async note(): Promise<number> {
    const head = await this.source.store.head();
    const at = performance.now();
    this.recorded.push({ at, head });
    return at;
  }

  checkpoints(): Promise<readonly Checkpoint[]> {
    return Promise.resolve([...this.places.values()]);
  }

  handle({ source, partition, events }: DeliveredBatch): Promise<void> {
    const at = performance.now();
    for (const { position, offset, recordedAt } of events) {
      if (!this.taken.has(position)) this.taken.set(position, at);
      this.places.set(partition, { source, partition, position, offset, recordedAt });
    }
    return Promise.resolve();
  }

  caughtUp({ partition, agoMs }: CaughtUp): void {
    const at = performance.now();
    this.claims.push({ partition, at, upTo: at - agoMs });
  }

  /** Up to when nothing is missing in any partition, as far as it was told; -Infinity: not of each. */
  get upTo(): number {
    const latest = Array.from({ length: TEST_PARTITIONS }, () => -Infinity);
    for (const { partition, upTo } of this.claims) latest[partition] = Math.max(latest[partition]!, upTo);
    return Math.min(...latest);
  }

  /** Claims that did not hold: an event was recorded by then and not taken in. Empty: all of them held. */
  async breaches(): Promise<string[]> {
    const events = (await wholeLog(this.source.store)).flatMap(({ position, streamId }) => {
      const by = this.recorded.find(({ head }) => head >= position);
      return by ? [{ position, by: by.at, partition: partitionOf(streamId, TEST_PARTITIONS) }] : [];
    });
    return this.claims.flatMap(({ partition, at, upTo }) =>
      events
        .filter((event) => event.partition === partition && event.by <= upTo)
        .filter(({ position }) => (this.taken.get(position) ?? Infinity) > at)
        .map(
          ({ position }) =>
            `${partition}: position ${position} was missing ${Math.round(at - upTo)} ms later`,
        ),
    );
  }
}
