import type pg from 'pg';
import { isTransient, toPosition } from '@loa/database';

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
    super('the event store has more appends waiting than it may queue');
  }
}

interface Waiting {
  readonly append: Append;
  readonly bytes: number;
  readonly resolve: (result: AppendResult) => void;
  readonly reject: (error: unknown) => void;
}

interface Row {
  status: number;
  version: number;
  last_position: string | null;
  recorded: Date | null;
  claim?: string | null;
}

const MAX_BATCH = 256;
const MAX_BATCH_BYTES = 1_000_000;
const expectedCode = (expected: Append['expected']) =>
  expected === 'any' ? -1 : expected === 'exists' ? -2 : expected;

/**
 * Group commit: while one call is under way, the appends that arrive wait, and then go together in one transaction.
 * There is no timer: an idle store appends at once. Appends of one stream keep their order.
 */
export class Appender {
  private queue: Waiting[] = [];
  private running: Promise<void> | undefined;

  constructor(
    private readonly pool: pg.Pool,
    private readonly onAppended: () => void = () => undefined,
    private readonly maxQueue = 4_096,
  ) {}

  append(append: Append): Promise<AppendResult> {
    if (append.events.length === 0)
      return Promise.reject(new RangeError('an append holds at least one event'));
    if (this.queue.length >= this.maxQueue) return Promise.reject(new StoreBusy());
    const bytes = append.events.reduce((sum, { data, meta }) => sum + data.length + meta.length, 0);
    return new Promise((resolve, reject) => {
      this.queue.push({ append, bytes, resolve, reject });
      this.running ??= this.drain();
    });
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
    return batch;
  }

  private async send(batch: readonly Waiting[]): Promise<void> {
    try {
      const rows = await (batch.length === 1 ? this.one(batch[0]!.append) : this.many(batch));
      batch.forEach((waiting, index) => waiting.resolve(resultOf(rows[index]!)));
      if (rows.some(({ status }) => status === 0)) this.onAppended();
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
      name: 'es.append_one',
      text: 'SELECT * FROM es.append_one($1,$2,$3,$4,$5,$6::json[],$7::json[],$8)',
      values: [streamId, expectedCode(expected), ...columns(events), claims ?? []],
    });
    return rows;
  }

  private async many(batch: readonly Waiting[]): Promise<Row[]> {
    const appends = batch.map(({ append }) => append);
    const { rows } = await this.pool.query<Row>({
      name: 'es.append_many',
      text: 'SELECT * FROM es.append_many($1,$2,$3,$4,$5,$6,$7::json[],$8::json[])',
      values: [
        appends.map(({ streamId }) => streamId),
        appends.map(({ expected }) => expectedCode(expected)),
        appends.map(({ events }) => events.length),
        ...columns(appends.flatMap(({ events }) => events)),
      ],
    });
    return rows;
  }
}

const columns = (events: readonly NewEvent[]) => [
  events.map(({ eventId }) => eventId),
  events.map(({ type }) => type),
  events.map(({ schemaVersion }) => schemaVersion),
  events.map(({ data }) => data),
  events.map(({ meta }) => meta),
];

function resultOf(row: Row): AppendResult {
  if (row.status === 2) return { status: 'conflict', current: row.version };
  if (row.status === 3) return { status: 'claimed', key: row.claim! };
  return {
    status: row.status === 0 ? 'appended' : 'duplicate',
    version: row.version,
    position: toPosition(row.last_position!),
    recordedAt: row.recorded!,
  };
}
