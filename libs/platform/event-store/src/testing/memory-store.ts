import type { Append, AppendResult } from '../appender.js';
import { PAGE_CHARACTERS, type EventPage } from '../event-page.js';
import type { EventStore, LoadedStream } from '../event-store.js';
import type { StoredEvent } from '../stored-event.js';

/** What any log can be asked, wherever it keeps its events. */
export type Log = Pick<EventStore, 'append' | 'load' | 'read' | 'head'>;

/** An event id that is in the log already, at another place. */
class UsedEventId extends Error {
  readonly constraint = 'event_once';
}

/** What the store promises, in as few words as possible: one array. The real one is compared with it. */
export class MemoryStore implements Log {
  private readonly log: StoredEvent[] = [];
  private readonly claims = new Map<string, string>();

  async append({ streamId, expected, events, claims = [] }: Append): Promise<AppendResult> {
    if (events.length === 0) throw new RangeError('an append holds at least one event');
    if (
      typeof expected === 'number' &&
      (!Number.isInteger(expected) || expected < 0 || expected >= 2 ** 31 - 1)
    )
      throw new RangeError(`${expected} is no version`);
    for (const { data, meta } of events) [data, meta].forEach((text) => JSON.parse(text));
    const repeat = this.earlier(streamId, expected, events);
    if (repeat) return repeat;
    const { version: current } = this.stream(streamId);
    if (expected === 'exists' ? current === 0 : expected !== 'any' && expected !== current)
      return { status: 'conflict', current };
    const held = claims.find((key) => (this.claims.get(key) ?? streamId) !== streamId);
    if (held !== undefined) return { status: 'claimed', key: held };
    const ids = events.map(({ eventId }) => eventId);
    if (new Set(ids).size < ids.length || this.log.some(({ eventId }) => ids.includes(eventId)))
      throw new UsedEventId('event_once');
    claims.forEach((key) => this.claims.set(key, streamId));
    const recordedAt = new Date().toISOString();
    events.forEach((event, index) => {
      const position = this.log.length + 1;
      this.log.push({ ...event, streamId, version: current + index + 1, position, recordedAt });
    });
    return this.placed('appended', this.log.at(-1)!);
  }

  async load(streamId: string, { until }: { until?: string } = {}): Promise<LoadedStream> {
    return this.stream(streamId, until);
  }

  async read(after: number, limit: number): Promise<EventPage> {
    const events: StoredEvent[] = [];
    let characters = 0;
    for (const event of this.log.slice(after, after + limit)) {
      characters += event.data.length + event.meta.length;
      if (characters > PAGE_CHARACTERS && events.length > 0) return Object.assign(events, { more: true });
      events.push(event);
    }
    return Object.assign(events, { more: events.length === limit });
  }

  async head(): Promise<number> {
    return this.log.length;
  }

  /** Appends made at once may take any order in the log: from `after` on it becomes this one. */
  takeOrder(after: number, eventIds: readonly string[]): void {
    const tail = this.log.splice(after);
    for (const id of eventIds) {
      const event = tail.find(({ eventId }) => eventId === id);
      if (event) this.log.push({ ...event, position: this.log.length + 1 });
    }
  }

  /** The same ids, one after the other, where this append would have put them. */
  private earlier(
    streamId: string,
    expected: Append['expected'],
    events: Append['events'],
  ): AppendResult | undefined {
    const stream = this.stream(streamId).events;
    const first =
      typeof expected === 'number'
        ? expected
        : stream.findIndex(({ eventId }) => eventId === events[0]!.eventId);
    const there = first < 0 ? [] : stream.slice(first, first + events.length);
    const same =
      there.length === events.length &&
      there.every(({ eventId }, index) => eventId === events[index]!.eventId);
    return same ? this.placed('duplicate', there.at(-1)!) : undefined;
  }

  private stream(streamId: string, until = '9999'): LoadedStream {
    const events = this.log.filter((event) => event.streamId === streamId && event.recordedAt <= until);
    return { version: events.length, events };
  }

  private placed(
    status: 'appended' | 'duplicate',
    { version, position, recordedAt }: StoredEvent,
  ): AppendResult {
    return { status, version, position, recordedAt: new Date(recordedAt) };
  }
}
