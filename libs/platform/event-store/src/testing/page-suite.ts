import { expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { NewEvent } from '../appender.js';
import { PAGE_CHARACTERS, wholeLog, type EventPage } from '../event-page.js';
import type { Log } from './memory-store.js';
import { event } from './wishes.js';

/** As large as a command body may be. */
const LARGE = 250_000;
const LARGE_IN_A_PAGE = Math.floor(PAGE_CHARACTERS / LARGE);
const LIMIT = 1_000;

/** An event of so many characters. */
export const eventOfSize = (characters: number): NewEvent => event({ text: 'ủ'.repeat(characters) });

async function pagesAfter(log: Log, after: number, limit = LIMIT): Promise<EventPage[]> {
  const pages: EventPage[] = [];
  do pages.push(await log.read(pages.at(-1)?.at(-1)?.position ?? after, limit));
  while (pages.at(-1)!.more);
  return pages;
}

/** Appends to a new stream, each event by itself. */
async function appendAll(log: Log, events: readonly NewEvent[]): Promise<void> {
  const streamId = randomUUID();
  for (const [version, one] of events.entries())
    expect(await log.append({ streamId, expected: version, events: [one] })).toMatchObject({
      status: 'appended',
    });
}

/** A page is as long as it was asked for, or as large as it may be, and says whether there may be more. */
export function pageTests(log: () => Log): void {
  const read = async (after: number) => (await pagesAfter(log(), after)).map(({ length }) => length);

  it('says that there may be more when it is as long as it was asked for, and only then', async () => {
    const before = await log().head();
    await appendAll(log(), [event(), event(), event()]);
    const more = async (after: number, limit: number) => (await log().read(before + after, limit)).more;
    expect(await Promise.all([1, 2, 3, 4].map((limit) => more(0, limit)))).toEqual([true, true, true, false]);
    expect([await more(1, 2), await more(1, 3), await more(3, 1)]).toEqual([true, false, false]);
  });

  it('ends before it takes more memory than it may: nothing is left out, and the pages after it are long again', async () => {
    const before = await log().head();
    const events = [
      ...Array.from({ length: LARGE_IN_A_PAGE + 3 }, () => eventOfSize(LARGE)),
      ...Array.from({ length: 250 }, () => event()),
    ];
    await appendAll(log(), events);
    const pages = await pagesAfter(log(), before);
    expect(pages.flat().map(({ eventId }) => eventId)).toEqual(events.map(({ eventId }) => eventId));
    expect(pages.map(({ length }) => length)).toEqual([LARGE_IN_A_PAGE, 253]);
    expect(await read(before + LARGE_IN_A_PAGE + 3)).toEqual([250]);
    expect((await wholeLog(log())).length).toBe(before + events.length);
  });

  it('holds one event that is larger than a page alone', async () => {
    const before = await log().head();
    const larger = eventOfSize(PAGE_CHARACTERS);
    await appendAll(log(), [event(), larger, event()]);
    expect(await read(before)).toEqual([1, 1, 1]);
    expect((await log().read(before + 1, LIMIT))[0]!.data).toBe(larger.data);
    const again = eventOfSize(PAGE_CHARACTERS);
    await appendAll(log(), [again]);
    expect(await read(before + 3)).toEqual([1]);
  });
}
