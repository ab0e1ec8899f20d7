import { toPosition } from '@loa/database';
import type { EventStore, StoredEvent } from '@loa/event-store';
import { chained, chainStart, hashOf } from './leaf.js';
import { GrowingTree } from './merkle.js';
import type { RootExport } from './proof.js';
import { lastSeal, leavesAfter, sealsAfter, type Seal, type SealedLeaf } from './seal.js';

const PAGE = 1_000;

/**
 * - altered: the event at this position is not what was sealed · missing: an event that was sealed, or must have been
 *   there, is gone · inserted: an event stands where none was appended · unsealed: the seals themselves were changed
 * - other-root: the log is not the one that an exported root was made of
 */
export type FindingKind = 'altered' | 'missing' | 'inserted' | 'unsealed' | 'other-root';

export interface Finding {
  readonly kind: FindingKind;
  readonly position: number;
  readonly eventId?: string;
  readonly streamId?: string;
  readonly type?: string;
  /** The size of the exported root that shows it: without that root nothing of it can be seen. */
  readonly exported?: number;
  /** One English sentence. */
  readonly detail: string;
}

export interface Verification {
  /** The first thing that is wrong; undefined: nothing is. */
  readonly finding: Finding | undefined;
  /** How many events were looked at, how many of them are sealed, in how many seals. */
  readonly events: number;
  readonly sealed: number;
  readonly seals: number;
  /** Root over the events that were looked at. */
  readonly root: string;
}

export interface VerifyOptions {
  /** Roots that were handed out before. They show what the seals in the database cannot: that both were changed. */
  readonly exported?: readonly RootExport[];
  readonly onProgress?: (progress: { position: number; head: number }) => void;
}

/**
 * Reads a whole log and its seals, names the first event that is not what it was, and keeps a record of the result. What
 * an exported root has shown before is found until roots are given again and show nothing.
 */
export async function verifyLog(store: EventStore, options: VerifyOptions = {}): Promise<Verification> {
  const walked = await new Walk(store, options).run();
  const shownBefore = (options.exported ?? []).length === 0 ? await shownByRoot(store) : undefined;
  const verification = { ...walked, finding: walked.finding ?? shownBefore };
  const { events, sealed, root, finding } = verification;
  await store.pool.query(
    `INSERT INTO es.verification (events, sealed, root, finding) VALUES ($1, $2, decode($3, 'hex'), $4)`,
    [events, sealed, root, finding ? JSON.stringify(finding) : null],
  );
  return verification;
}

async function shownByRoot({ pool }: EventStore): Promise<Finding | undefined> {
  const { rows } = await pool.query<{ finding: Finding | null }>(
    'SELECT finding FROM es.verification ORDER BY id DESC LIMIT 1',
  );
  const finding = rows[0]?.finding ?? undefined;
  return finding?.exported === undefined ? undefined : finding;
}

class Found extends Error {
  constructor(readonly finding: Finding) {
    super(finding.detail);
  }
}

const about = ({ eventId, streamId, type }: StoredEvent) => ({ eventId, streamId, type });

class Walk {
  private readonly tree = new GrowingTree();
  private chain = chainStart;
  private readonly versions = new Map<string, number>();
  private readonly leaves: Pages<SealedLeaf>;
  private readonly seals: Pages<Seal>;
  private readonly exported: RootExport[];
  private sealedTo = 0;
  private sealed = 0;
  private sealCount = 0;

  constructor(
    private readonly store: EventStore,
    private readonly options: VerifyOptions,
  ) {
    const { pool } = store;
    this.leaves = new Pages(
      (after) => leavesAfter(pool, after, PAGE),
      ({ position }) => position,
    );
    this.seals = new Pages(
      (after) => sealsAfter(pool, after, PAGE),
      ({ size }) => size,
    );
    this.exported = [...(options.exported ?? [])].sort((a, b) => a.size - b.size);
  }

  async run(): Promise<Verification> {
    const finding = await this.walk().then(
      () => undefined,
      (error: unknown) => {
        if (error instanceof Found) return error.finding;
        throw error;
      },
    );
    return {
      finding,
      events: this.tree.size,
      sealed: this.sealed,
      seals: this.sealCount,
      root: this.tree.root.toString('hex'),
    };
  }

  private async walk(): Promise<void> {
    // In this order: what was sealed before the head was read is not past it.
    this.sealedTo = (await lastSeal(this.store.pool))?.size ?? 0;
    const head = await this.store.head();
    const end = Math.max(head, this.sealedTo, this.exported.at(-1)?.size ?? 0);
    await this.assertNothingBeforeTheFirst();
    while (this.tree.size < end) {
      const events = await this.store.read(this.tree.size, Math.min(PAGE, end - this.tree.size));
      if (events.length === 0 && this.tree.size >= Math.max(head, this.sealedTo)) this.endsBeforeItsRoot();
      if (events.length === 0) await this.missing(this.tree.size + 1);
      for (const event of events) await this.take(event);
      this.options.onProgress?.({ position: this.tree.size, head });
    }
    await this.assertNothingAfterTheLast();
    await this.assertAllSealsKept();
  }

  private async take(event: StoredEvent): Promise<void> {
    if (event.position !== this.tree.size + 1) await this.missing(this.tree.size + 1);
    const hash = hashOf(event);
    if (event.position <= this.sealedTo) await this.compare(event, hash);
    this.assertNextOfStream(event);
    this.tree.add(hash);
    this.chain = chained(this.chain, hash);
    await this.assertSeal();
    this.assertExported();
  }

  private async compare(event: StoredEvent, hash: Buffer): Promise<void> {
    const { position } = event;
    const leaf = await this.leaves.peek();
    if (leaf?.position !== position) {
      const detail = `the hash of event ${position}, which was sealed, was taken away`;
      throw new Found({ kind: 'unsealed', position, ...about(event), detail });
    }
    if (!hash.equals(leaf.hash)) throw new Found(await this.difference(event, leaf));
    this.leaves.take();
    this.sealed += 1;
  }

  private async difference(event: StoredEvent, leaf: SealedLeaf): Promise<Finding> {
    const { position } = event;
    if (event.eventId === leaf.eventId) {
      const detail = `event ${position} (${event.type}) is not what was sealed`;
      return { kind: 'altered', position, ...about(event), detail };
    }
    const { rows } = await this.store.pool.query('SELECT 1 FROM es.leaf WHERE event_id = $1 LIMIT 1', [
      event.eventId,
    ]);
    if (rows.length === 0) {
      const detail = `event ${event.eventId} (${event.type}) stands at position ${position}, where ${leaf.eventId} was sealed`;
      return { kind: 'inserted', position, ...about(event), detail };
    }
    const detail = `event ${leaf.eventId} was sealed at position ${position} and is gone from there`;
    return { kind: 'missing', position, eventId: leaf.eventId, detail };
  }

  private async missing(position: number): Promise<never> {
    const leaf = await this.leaves.peek();
    const eventId = leaf?.position === position ? leaf.eventId : undefined;
    throw new Found({
      kind: 'missing',
      position,
      ...(eventId !== undefined && { eventId }),
      detail: `there is no event at position ${position}${eventId === undefined ? '' : `, where ${eventId} was sealed`}`,
    });
  }

  private endsBeforeItsRoot(): never {
    const { size, sealedAt } = this.exported.at(-1)!;
    throw new Found({
      kind: 'missing',
      position: this.tree.size + 1,
      exported: size,
      detail: `the root exported at ${sealedAt} is of ${size} events, and there are ${this.tree.size}: the others are gone, or it is of another log`,
    });
  }

  private assertNextOfStream(event: StoredEvent): void {
    const next = (this.versions.get(event.streamId) ?? 0) + 1;
    if (event.version !== next) {
      throw new Found({
        kind: event.version > next ? 'missing' : 'altered',
        position: event.position,
        ...about(event),
        detail: `stream ${event.streamId} goes from version ${next - 1} to ${event.version}`,
      });
    }
    this.versions.set(event.streamId, next);
  }

  private async assertSeal(): Promise<void> {
    const { size } = this.tree;
    if (size > this.sealedTo) return;
    const seal = await this.seals.peek();
    if (!seal || seal.size > size) return;
    if (seal.size !== size || !seal.root.equals(this.tree.root) || !seal.chain.equals(this.chain)) {
      const detail = `the seal of ${seal.size} events does not fit the events and their hashes: it was changed`;
      throw new Found({ kind: 'unsealed', position: seal.size, detail });
    }
    this.seals.take();
    this.sealCount += 1;
  }

  private assertExported(): void {
    for (let next = this.exported[0]; next?.size === this.tree.size; next = this.exported[0]) {
      if (next.root !== this.tree.root.toString('hex') || next.chain !== this.chain.toString('hex')) {
        throw new Found({
          kind: 'other-root',
          position: next.size,
          exported: next.size,
          detail: `the first ${next.size} events are not those that the root exported at ${next.sealedAt} was made of`,
        });
      }
      this.exported.shift();
    }
  }

  private async assertNothingBeforeTheFirst(): Promise<void> {
    const { rows } = await this.store.pool.query<{ position: string; event_id: string }>(
      'SELECT position, event_id FROM es.event WHERE position < 1 ORDER BY position LIMIT 1',
    );
    if (!rows[0]) return;
    const position = toPosition(rows[0].position);
    const detail = `event ${rows[0].event_id} stands at position ${position}, before the first of the log`;
    throw new Found({ kind: 'inserted', position, eventId: rows[0].event_id, detail });
  }

  /** One snapshot: events that are appended meanwhile are known to the lane row. */
  private async assertNothingAfterTheLast(): Promise<void> {
    const { rows } = await this.store.pool.query<{ position: string; event_id: string; type: string }>(
      `SELECT e.position, e.event_id, e.type FROM es.event e, es.lane l
        WHERE l.lane = 0 AND e.position > l.head ORDER BY e.position LIMIT 1`,
    );
    if (!rows[0]) return;
    const { position, event_id: eventId, type } = rows[0];
    const detail = `event ${eventId} (${type}) stands at position ${position}, past the end of the log: it was not appended`;
    throw new Found({ kind: 'inserted', position: toPosition(position), eventId, type, detail });
  }

  /** Hashes and their seal are written together: hashes without a seal mean that the newest seals were taken away. */
  private async assertAllSealsKept(): Promise<void> {
    const { rows } = await this.store.pool.query<{ position: string }>(
      `SELECT position FROM es.leaf WHERE position > (SELECT coalesce(max(size), 0) FROM es.seal)
        ORDER BY position LIMIT 1`,
    );
    if (!rows[0]) return;
    const position = toPosition(rows[0].position);
    const detail = `the seal over event ${position} was taken away, its hash is still there`;
    throw new Found({ kind: 'unsealed', position, detail });
  }
}

/** Rows in order, a page at a time, looked at before they are taken. */
class Pages<Row> {
  private page: Row[] = [];
  private at = 0;
  private after = 0;

  constructor(
    private readonly read: (after: number) => Promise<Row[]>,
    private readonly keyOf: (row: Row) => number,
  ) {}

  async peek(): Promise<Row | undefined> {
    if (this.at === this.page.length) {
      this.page = await this.read(this.after);
      this.at = 0;
    }
    return this.page[this.at];
  }

  take(): void {
    this.after = this.keyOf(this.page[this.at]!);
    this.at += 1;
  }
}
