import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { answerCalls } from '../system/worker.js';
import type { AppendCall } from './append-worker.js';
import { EMMETT } from './emmett.js';
import { DATA, EVENTS_PER_APPEND, META, TYPE } from './payload.js';
import { repeatedly } from './repeatedly.js';

interface Event {
  readonly type: string;
  readonly data: unknown;
  readonly metadata: unknown;
}

/** As much of its event store as is measured. */
interface Store {
  appendToStream(
    stream: string,
    events: readonly Event[],
    options: { expectedStreamVersion: unknown },
  ): Promise<{ nextExpectedStreamVersion: bigint }>;
  close(): Promise<void>;
}

interface Library {
  getPostgreSQLEventStore(connectionString: string): Store;
}

let store: Store | undefined;
const event: Event = {
  type: TYPE,
  data: JSON.parse(DATA) as unknown,
  metadata: JSON.parse(META) as unknown,
};

answerCalls({
  open: async ({ folder, url }: { folder: string; url: string }) => {
    const entry = createRequire(join(folder, 'package.json')).resolve(EMMETT);
    const library = (await import(pathToFileURL(entry).href)) as Library;
    await store?.close();
    store = library.getPostgreSQLEventStore(url);
  },
  append: ({ callers, seconds }: AppendCall) =>
    repeatedly(callers, seconds, EVENTS_PER_APPEND, async () => {
      if (!store) throw new Error('not opened');
      const events = Array.from({ length: EVENTS_PER_APPEND }, () => event);
      const { nextExpectedStreamVersion } = await store.appendToStream(`activity-${randomUUID()}`, events, {
        expectedStreamVersion: 0n,
      });
      if (Number(nextExpectedStreamVersion) !== EVENTS_PER_APPEND)
        throw new Error(`an append led to version ${nextExpectedStreamVersion}`);
    }),
});
