import { plainArray } from '@loa/database';
import type { EventStore, StoredEvent } from '@loa/event-store';
import { setImmediate as nextTurn, setTimeout as timer } from 'node:timers/promises';
import { chained, chainStart, hashOf } from './leaf.js';
import { GrowingTree } from './merkle.js';
import { lastSeal, type Seal } from './seal.js';

const READ = 1_000;
/** Hashed in one go: about a millisecond, in which this process appends nothing. */
const HASHED_AT_ONCE = 100;
const PACE_MS = 1_000;
/** Appends of other processes do not wake this one. */
const POLL_MS = 5_000;
const LONGEST_PAUSE_MS = 30_000;
const UNIQUE_VIOLATION = '23505';

export interface SealerOptions {
  readonly store: EventStore;
  /** Told of every failure that the sealer survives. */
  readonly onError: (error: unknown) => void;
  /** The least time between two seals while events keep coming; 1 s when left out. */
  readonly paceMs?: number;
}

/** An event is missing where the next one should be: what comes after it is not sealed. */
export class CannotSeal extends Error {
  constructor(expected: number, found: number) {
    super(
      `the log goes from position ${expected - 1} to ${found}: it was changed by hand, or restored wrongly. Nothing is ` +
        'sealed until that is cleared up; run `loa verify` to see what is missing.',
    );
  }
}

/**
 * Seals the log behind the appends, never in their way: hashes what is new, and writes leaves, chain and root together.
 * Any number may run on one log: a seal is one statement, and the slower of two finds its places taken.
 */
export class Sealer {
  readonly name = 'sealer';
  /** Since the start of this process; `position`: the last one that is known to be sealed. */
  readonly counters = { position: 0, seals: 0, events: 0 };
  private readonly stop = new AbortController();
  private readonly unhook: () => void;
  private readonly running: Promise<void>;
  private wake = new AbortController();
  private state: { readonly tree: GrowingTree; readonly chain: Buffer } | undefined;
  private failing = false;

  private constructor(private readonly options: SealerOptions) {
    this.unhook = options.store.onAppended(() => this.wake.abort());
    this.running = this.run();
  }

  static start(options: SealerOptions): Sealer {
    return new Sealer(options);
  }

  healthy(): boolean {
    return !this.failing;
  }

  /** Waits for the seal under way. What is not sealed yet is sealed after the next start. */
  async close(): Promise<void> {
    this.unhook();
    this.stop.abort();
    this.wake.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    for (let failures = 0; !this.stop.signal.aborted;) {
      try {
        this.wake = new AbortController();
        while ((await this.sealNext()) && !this.stop.signal.aborted);
        this.failing = false;
        failures = 0;
        await this.pause(POLL_MS, this.wake.signal);
        await this.pause(this.options.paceMs ?? PACE_MS, this.stop.signal);
      } catch (error) {
        this.failing = true;
        this.state = undefined;
        this.options.onError(error);
        await this.pause(Math.min(LONGEST_PAUSE_MS, 250 * 2 ** failures++), this.stop.signal);
      }
    }
  }

  private async pause(ms: number, signal: AbortSignal): Promise<void> {
    await timer(ms, undefined, { signal }).catch(() => undefined);
  }

  /** @returns whether there may be more to seal */
  private async sealNext(): Promise<boolean> {
    const { tree, chain } = (this.state ??= await this.resume());
    const events = await this.options.store.read(tree.size, READ);
    if (events.length === 0) return false;
    const next = await sealOver(tree, chain, events);
    try {
      await this.write(events, next);
    } catch (error) {
      if ((error as { code?: unknown } | null)?.code !== UNIQUE_VIOLATION) throw error;
      // Another sealer was faster: go on from where it stands.
      this.state = undefined;
      return events.more;
    }
    this.state = next;
    this.counters.position = next.tree.size;
    this.counters.seals += 1;
    this.counters.events += events.length;
    return events.more;
  }

  private async resume(): Promise<{ tree: GrowingTree; chain: Buffer }> {
    const last: Seal | undefined = await lastSeal(this.options.store.pool);
    this.counters.position = last?.size ?? 0;
    return { tree: new GrowingTree(last?.size, last?.frontier), chain: last?.chain ?? chainStart };
  }

  private async write(
    events: readonly StoredEvent[],
    { tree, chain, leaves }: Awaited<ReturnType<typeof sealOver>>,
  ): Promise<void> {
    await this.options.store.pool.query({
      name: 'es.seal',
      text: `WITH leaf AS (
               INSERT INTO es.leaf (position, event_id, hash)
               SELECT p, i, decode(h, 'hex') FROM unnest($1::bigint[], $2::uuid[], $3::text[]) u (p, i, h))
             INSERT INTO es.seal (size, root, chain, frontier) VALUES ($4, $5, $6, $7)`,
      values: [
        plainArray(events.map(({ position }) => position)),
        plainArray(events.map(({ eventId }) => eventId)),
        plainArray(leaves.map((leaf) => leaf.toString('hex'))),
        tree.size,
        tree.root,
        chain,
        tree.frontier,
      ],
    });
  }
}

/** @throws CannotSeal when the events do not follow the tree one by one */
async function sealOver(before: GrowingTree, start: Buffer, events: readonly StoredEvent[]) {
  const tree = new GrowingTree(before.size, before.frontier);
  let chain = start;
  const leaves: Buffer[] = [];
  for (const event of events) {
    if (event.position !== tree.size + 1) throw new CannotSeal(tree.size + 1, event.position);
    const leaf = hashOf(event);
    leaves.push(leaf);
    tree.add(leaf);
    chain = chained(chain, leaf);
    if (leaves.length % HASHED_AT_ONCE === 0) await nextTurn();
  }
  return { tree, chain, leaves };
}
