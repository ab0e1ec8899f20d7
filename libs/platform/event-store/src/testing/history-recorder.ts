import { isTransient } from '@loa/database';
import type { History, RecordedCall, RecordedRead, SeenEvent } from '@loa/testing';
import { randomInt, randomUUID } from 'node:crypto';
import type { Append, AppendResult } from '../appender.js';
import { wholeLog } from '../event-page.js';
import type { StoredEvent } from '../stored-event.js';
import type { Log } from './memory-store.js';
import { event } from './wishes.js';

export interface Exercise {
  /** Appending at the same time, each over one of the openings. */
  readonly callers: number;
  /** Each caller makes so many wishes, some of them twice. */
  readonly appends: number;
  /** So few that callers meet. */
  readonly streams: number;
}

const PAGE = 40;
const seen = ({
  position,
  streamId,
  version,
  eventId,
  type,
  schemaVersion,
  data,
  meta,
  recordedAt,
}: StoredEvent): SeenEvent => ({
  position,
  streamId,
  version,
  eventId,
  content: JSON.stringify([type, schemaVersion, data, meta]),
  recordedAt: Date.parse(recordedAt),
});

/** Writes down what is asked of a log, when, and what is answered. */
export class HistoryRecorder {
  private readonly calls: RecordedCall[] = [];
  private readonly reads: RecordedRead[] = [];

  /** Appends to a log that was empty, through several openings of it, while readers follow. */
  async exercise(logs: readonly Log[], { callers, appends, streams }: Exercise): Promise<void> {
    const ids = Array.from({ length: streams }, () => randomUUID());
    let over = false;
    const readers = logs.map((log, index) => this.follow(log, `reader ${index}`, () => over));
    const caller = async (_: unknown, index: number) => {
      for (let n = 0; n < appends; n += 1) await this.wishOnce(logs[index % logs.length]!, ids);
    };
    await Promise.all(Array.from({ length: callers }, caller));
    over = true;
    await Promise.all(readers);
  }

  /** How many calls broke so far. */
  get unknown(): number {
    return this.calls.filter(({ outcome }) => outcome.status === 'unknown').length;
  }

  /** What was recorded, and the log as it is now. */
  async history(log: Log): Promise<History> {
    const stored = (await wholeLog(log)).map(seen);
    return { calls: this.calls, reads: this.reads, stored };
  }

  private async wishOnce(log: Log, streams: readonly string[]): Promise<void> {
    const streamId = streams[randomInt(streams.length)]!;
    const { version } = await retried(() => log.load(streamId));
    const wish: Append = {
      streamId,
      expected: ([version, version, 'any', 'exists'] as const)[randomInt(4)]!,
      events: Array.from({ length: 1 + randomInt(3) }, (_, n) => event({ n })),
      ...(randomInt(10) === 0 && { claims: [`name ${randomInt(5)}`] }),
    };
    // The outcome of a call that broke is unknown: the same ids again find out. Some callers are just impatient.
    const tries = randomInt(5) === 0 ? 2 : 1;
    await Promise.all(
      Array.from({ length: tries }, async () => {
        while ((await this.call(log, wish)).outcome.status === 'unknown');
      }),
    );
  }

  private async call(log: Log, wish: Append): Promise<RecordedCall> {
    const invoked = performance.now();
    const result = await log.append(wish).catch(unlessTransient);
    const call: RecordedCall = {
      streamId: wish.streamId,
      eventIds: wish.events.map(({ eventId }) => eventId),
      invoked,
      completed: performance.now(),
      outcome: outcomeOf(result),
    };
    this.calls.push(call);
    return call;
  }

  private async follow(log: Log, reader: string, over: () => boolean): Promise<void> {
    for (let after = 0, last = false; !last;) {
      last = over();
      for (let full = true; full;) {
        const from = after;
        const invoked = performance.now();
        const page = await retried(() => log.read(from, PAGE));
        const events = page.map(seen);
        this.reads.push({ reader, after, invoked, completed: performance.now(), events });
        after = events.at(-1)?.position ?? after;
        full = page.more;
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}

function unlessTransient(error: unknown): undefined {
  if (!isTransient(error)) throw error;
}

async function retried<T>(read: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await read();
    } catch (error) {
      unlessTransient(error);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}

function outcomeOf(result: AppendResult | undefined): RecordedCall['outcome'] {
  if (!result) return { status: 'unknown' };
  if (result.status === 'conflict' || result.status === 'claimed') return { status: 'refused' };
  return { status: result.status, version: result.version, position: result.position };
}
