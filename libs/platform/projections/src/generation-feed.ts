import type { StoredEvent } from '@loa/event-store';
import { IN_THE_LOG, type Checkpoint } from '@loa/transport';
import { GenerationRefusal, type EventLog } from './generation.js';
import { carriedIn, nearest, partitioned, placeIn, placesOf, type Places } from './generation-places.js';
import type { Projector } from './projector.js';

/** So many events at most share one transaction. More of them change the same row, which is then written once. */
export const PAGE = 5_000;

/** The log has a hole: rows made from it would be wrong. */
export class HoleInLog extends GenerationRefusal {
  constructor(source: string, expected: number, found: number | undefined) {
    super(
      `the log of ${source} has no event at position ${expected}` +
        (found === undefined ? ', though its head lies beyond' : `, the next one is at ${found}`) +
        ': restore it from a backup before anything is made from it',
    );
  }
}

/** What makes a generation from one log. */
export interface Feed {
  readonly source: string;
  readonly log: EventLog;
  readonly projector: Projector;
  readonly partitions: number;
}

/**
 * A stretch of a log in pages, each read while the one before is worked on.
 * @throws HoleInLog
 */
export async function* pages(
  { source, log }: Pick<Feed, 'source' | 'log'>,
  after: number,
  until: number,
  size = PAGE,
): AsyncGenerator<StoredEvent[]> {
  const read = (from: number) => {
    const reading = log.read(from, Math.min(size, until - from));
    // Awaited later; until then a failure has no other listener.
    reading.catch(() => undefined);
    return reading;
  };
  let next = after < until ? read(after) : undefined;
  for (let at = after; next;) {
    const events = await next;
    if (events.length === 0) throw new HoleInLog(source, at + 1, undefined);
    for (const { position } of events) {
      if (position !== at + 1) throw new HoleInLog(source, at + 1, position);
      at = position;
    }
    next = at < until ? read(at) : undefined;
    yield events;
  }
}

/** Feeds a generation that is still read as one partition, up to a position. */
export async function feedWhole(
  feed: Feed,
  after: number,
  until: number,
  onTaken: (position: number) => void,
): Promise<void> {
  for await (const page of pages(feed, after, until)) {
    const events = page.map((event) => ({ ...event, previous: event.position - 1, offset: IN_THE_LOG }));
    await feed.projector.handle({ source: feed.source, partition: 0, events });
    onTaken(events.at(-1)!.position);
  }
}

/**
 * Feeds a generation partition by partition, each up to a place of its own.
 * @param upTo the last position wanted of a partition
 * @param until the greatest of them
 */
export async function feedPartitions(
  feed: Feed,
  upTo: (partition: number) => number,
  until: number,
  onTaken: (position: number) => void = () => undefined,
): Promise<void> {
  const { source, partitions, projector } = feed;
  const places = new Map(placesOf(await projector.checkpoints(), source));
  for await (const page of pages(feed, nearest(places, partitions), until)) {
    for (const [partition, events] of partitioned(page, partitions, places, upTo)) {
      await projector.handle({ source, partition, events });
      places.set(partition, events.at(-1)!.position);
    }
    onTaken(page.at(-1)!.position);
  }
}

/**
 * The last position up to which a reader has taken in every event. With one partition that is its place. With several,
 * one that stands far back may only have no later events: the log is asked.
 * @param known it has everything up to there
 */
export async function completeUpTo(
  { source, log, partitions }: Omit<Feed, 'projector'>,
  places: Places,
  known = 0,
): Promise<number> {
  const from = Math.max(known, nearest(places, partitions));
  if (partitions === 1) return from;
  const head = await log.head();
  for await (const page of pages({ source, log }, from, head)) {
    const missing = page.find(
      ({ streamId, position }) => position > placeIn(places, carriedIn(streamId, partitions)),
    );
    if (missing) return missing.position - 1;
  }
  return head;
}

/** Of checkpoints whose events a log has not any more, since it was restored without its last ones: what the first says. */
export async function lostSince(
  checkpoints: readonly Checkpoint[],
  logs: Readonly<Record<string, EventLog>>,
): Promise<string | undefined> {
  for (const { source, position, recordedAt } of checkpoints) {
    const log = logs[source];
    if (!log || position === 0 || recordedAt === undefined) continue;
    const [event] = await log.read(position - 1, 1);
    const same = event?.position === position ? event : undefined;
    if (same?.recordedAt === recordedAt) continue;
    return (
      `has taken in ${source} up to position ${position}, recorded at ${recordedAt}, and the log has ` +
      `${same ? `an event of ${same.recordedAt}` : 'none'} there: it was restored without its last events`
    );
  }
  return undefined;
}
