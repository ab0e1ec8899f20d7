import type { EventStore, StoredEvent } from '@loa/event-store';
import type { RecordedRead, SeenEvent } from '@loa/testing';
import { setTimeout as pause } from 'node:timers/promises';
import { Journal, clock, readJournal } from './journal.js';
import { say, tell } from './plans.js';

const PAGE = 500;
const PAUSE_MS = 25;

export const seen = ({ position, streamId, version, eventId, data, recordedAt }: StoredEvent): SeenEvent => ({
  position,
  streamId,
  version,
  eventId,
  content: data,
  recordedAt: Date.parse(recordedAt),
});

/** What the one who looks on calls itself in a history. */
export const WATCH = 'watch';

/** Looks on for ever: reads the log page by page and writes down what it saw, and when. Goes on where it was killed. */
export async function watch(store: EventStore, path: string): Promise<never> {
  const earlier = readJournal<RecordedRead>(path);
  let after = earlier.at(-1)?.events.at(-1)?.position ?? 0;
  const journal = new Journal(path);
  for (;;) {
    try {
      const invoked = clock();
      const found = await store.read(after, PAGE);
      const events = found.map(seen);
      if (events.length > 0) {
        const page: RecordedRead = { reader: WATCH, after, invoked, completed: clock(), events };
        journal.write(page);
        after = events.at(-1)!.position;
      }
      say({ seen: after });
      if (!found.more) await pause(PAUSE_MS);
    } catch (error) {
      tell(error);
      await pause(PAUSE_MS);
    }
  }
}
