import type pg from 'pg';
import { isTransient, plainArray, toPosition } from '@loa/database';
import { failPoint } from '@loa/fail-points';

export interface NewEvent {
  readonly eventId: string;
  readonly type: string;
  readonly schemaVersion: number;
  /** JSON text. */
  readonly data: string;
  /** JSON text. */
  readonly meta: string;
}

export interface Append {
  readonly streamId: string;
  /** n ≥ 0: exactly this version (0: the stream must not exist). */
  readonly expected: number | 'any' | 'exists';
  readonly events: readonly NewEvent[];
  /** Names that only one stream may hold, taken together with the events. */
  readonly claims?: readonly string[];
}

export type AppendResult =
  | {
      readonly status: 'appended' | 'duplicate';
      readonly version: number;
      readonly position: number;
      readonly recordedAt: Date;
    }
  | { readonly status: 'conflict'; readonly current: number }
  | { readonly status: 'claimed'; readonly key: string };

/** The queue is full: the caller should say "busy, try again". */
export class StoreBusy extends Error {
  constructor() {
    super('the event store has more waiting to be appended than it may queue: try again');
  }
}

interface Waiting {
  readonly append: Append;
  readonly bytes: number;
  readonly resolve: (result: AppendResult) => void;
  readonly reject: (error: unknown) => void;
}

type Row = [
  status: number,
  version: number,
  position: string | null,
  recordedAt: Date | null,
  claim?: string | null,
];

const MAX_BATCH = 256;
const MAX_BATCH_BYTES = 1_000_000;

/** What may wait for the call under way. Whatever comes on top is {@link StoreBusy}. */
export interface QueueBounds {
  readonly maxQueue: number;
  /** UTF-16 code units of the payloads, which is what they take in memory at least; one append may be larger alone. */
  readonly maxQueueBytes: number;
}
const BOUNDS: QueueBounds = { maxQueue: 4_096, maxQueueBytes: 64 * 1024 * 1024 };
const LARGEST_VERSION = 2 ** 31 - 1;

function whyNot({ expected, events }: Append): string | undefined {
  if (events.length === 0) return 'an append holds at least one event';
  if (typeof expected === 'string') return undefined;
  // Below zero would mean something else to the database.
  if (Number.isInteger(expected) && expected >= 0 && expected < LARGEST_VERSION) return undefined;
  return `${expected} is no version: it is 0 for a new stream, or the number of its last event`;
}

const expectedCode = (expected: Append['expected']) =>
  expected === 'any' ? -1 : expected === 'exists' ? -2 : expected;

/**
 * Group commit: while one call is under way, the appends that arrive wait, and then go together in one transaction.
 * There is no timer: an idle store appends at once. Appends of one stream keep their order.
 */
export class Appender {
  private queue: Waiting[] = [];
  /** Of those in the queue. */
  private queuedBytes = 0;
  private readonly bounds: QueueBounds;
  private running: Promise<void> | undefined;

  constructor(
    private readonly pool: pg.Pool,
    private readonly onAppended: () => void = () => undefined,
    bounds: Partial<QueueBounds> = {},
  ) {
    this.bounds = { ...BOUNDS, ...bounds };
  }

  append(append: Append): Promise<AppendResult> {
    const wrong = whyNot(append);
    if (wrong !== undefined) return Promise.reject(new RangeError(wrong));
    const bytes = append.events.reduce((sum, { data, meta }) => sum + data.length + meta.length, 0);
    if (this.isFullFor(bytes)) return Promise.reject(new StoreBusy());
    this.queuedBytes += bytes;
    return new Promise((resolve, reject) => {
      this.queue.push({ append, bytes, resolve, reject });
      this.running ??= this.drain();
    });
  }

  private isFullFor(bytes: number): boolean {
    if (this.queue.length >= this.bounds.maxQueue) return true;
    return this.queue.length > 0 && this.queuedBytes + bytes > this.bounds.maxQueueBytes;
  }

  /** Resolves when everything queued so far is answered. */
  async settled(): Promise<void> {
    await this.running;
  }

  private async drain(): Promise<void> {
    // One turn of the event loop, so that what arrives in the same tick travels together.
    await Promise.resolve();
    while (this.queue.length > 0) await this.send(this.take());
    this.running = undefined;
  }

  /** The next batch: at most one append of a stream, in order; an append with claims goes alone. */
  private take(): Waiting[] {
    const batch: Waiting[] = [];
    const left: Waiting[] = [];
    const streams = new Set<string>();
    let bytes = 0;
    for (const waiting of this.queue) {
      const { streamId, claims } = waiting.append;
      const alone = (claims?.length ?? 0) > 0;
      const full = batch.length >= MAX_BATCH || (batch.length > 0 && bytes + waiting.bytes > MAX_BATCH_BYTES);
      if (full || streams.has(streamId) || (alone && batch.length > 0)) {
        streams.add(streamId);
        left.push(waiting);
        continue;
      }
      streams.add(streamId);
      bytes += waiting.bytes;
      batch.push(waiting);
      if (alone) {
        left.push(...this.queue.slice(this.queue.indexOf(waiting) + 1));
        break;
      }
    }
    this.queue = left;
    this.queuedBytes -= bytes;
    return batch;
  }

  private async send(batch: readonly Waiting[]): Promise<void> {
    try {
      failPoint('appender.beforeSend');
      const rows = await (batch.length === 1 ? this.one(batch[0]!.append) : this.many(batch));
      failPoint('appender.afterAnswer');
      batch.forEach((waiting, index) => waiting.resolve(resultOf(rows[index]!)));
      if (rows.some(([status]) => status === 0)) this.onAppended();
    } catch (error) {
      if (batch.length === 1 || isTransient(error)) {
        for (const { reject } of batch) reject(error);
        return;
      }
      // One bad payload fails the whole call: halve the batch until only the culprit fails.
      const middle = batch.length >> 1;
      await this.send(batch.slice(0, middle));
      await this.send(batch.slice(middle));
    }
  }

  private async one({ streamId, expected, events, claims }: Append): Promise<Row[]> {
    const { rows } = await this.pool.query<Row>({
      name: 'es.append',
      text: 'SELECT * FROM es.append($1,$2,$3,$4,$5,$6,$7,$8)',
      values: [streamId, expectedCode(expected), ...columns(events), claims ?? []],
      rowMode: 'array',
    });
    return rows;
  }

  private async many(batch: readonly Waiting[]): Promise<Row[]> {
    const appends = batch.map(({ append }) => append);
    const { rows } = await this.pool.query<Row>({
      name: 'es.append_batch',
      text: 'SELECT * FROM es.append_batch($1,$2,$3,$4,$5,$6,$7,$8,$9)',
      values: [
        plainArray(appends.map(({ streamId }) => streamId)),
        plainArray(appends.map(({ expected }) => expectedCode(expected))),
        plainArray(appends.flatMap(({ events }, index) => events.map(() => index + 1))),
        plainArray(appends.flatMap(({ events }) => events.map((_, nth) => nth + 1))),
        ...columns(appends.flatMap(({ events }) => events)),
      ],
      rowMode: 'array',
    });
    return rows;
  }
}

/** Parts of one text that the append functions take apart again; no JSON text holds it. */
const SEPARATOR = '\u001e';
const columns = (events: readonly NewEvent[]) => [
  plainArray(events.map(({ eventId }) => eventId)),
  events.map(({ type }) => type).join(SEPARATOR),
  plainArray(events.map(({ schemaVersion }) => schemaVersion)),
  events.map(({ data }) => data).join(SEPARATOR),
  events.map(({ meta }) => meta).join(SEPARATOR),
];

function resultOf([status, version, position, recordedAt, claim]: Row): AppendResult {
  if (status === 2) return { status: 'conflict', current: version };
  if (status === 3) return { status: 'claimed', key: claim! };
  return {
    status: status === 0 ? 'appended' : 'duplicate',
    version,
    position: toPosition(position!),
    recordedAt: recordedAt!,
  };
}
