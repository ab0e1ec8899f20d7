import type pg from 'pg';
import { eventOf, type EventRow, type StoredEvent } from './stored-event.js';

/**
 * Events in commit order. `more`: the log may hold others behind them, so ask again. How many events there are says
 * nothing of that: a page of few large ones is full.
 */
export type EventPage = StoredEvent[] & { readonly more: boolean };

/** What a page holds at most, or one event more than that alone: 8 MiB of memory, at Node's two bytes for a character. */
export const PAGE_CHARACTERS = 4 * 1024 * 1024;

const COLUMNS = 3;
/** JSON is never empty, so this stands for nothing that is stored. */
const DROPPED = '';

const ROWS_AT_FIRST = 100;
/** What the largest pages that anybody reads hold. */
const MOST_ROWS = 5_000;

/** Asks the log: up to so many rows after a position. */
export type AskForRows = (after: number, rows: number, types: pg.CustomTypesConfig) => Promise<EventRow[]>;

/**
 * Reads pages that keep within {@link PAGE_CHARACTERS}, however large the events are. What does not fit is dropped value by
 * value as it arrives: to have the server add up sizes costs it more than the rest of a read. That the server does not
 * send much for nothing, so many rows are asked for as fitted in the last page.
 */
export class EventPages {
  /** Too many or too few of them cost time, no more: pages are the same. */
  private rows = ROWS_AT_FIRST;

  constructor(private readonly ask: AskForRows) {}

  async read(after: number, limit: number): Promise<EventPage> {
    const events: StoredEvent[] = [];
    const room = new Room();
    for (;;) {
      const asked = Math.min(limit - events.length, this.rows);
      const found = await this.ask(events.at(-1)?.position ?? after, asked, room.types);
      for (const row of found) if (row[COLUMNS - 1] !== DROPPED) events.push(eventOf(row));
      if (room.full) this.rows = Math.min(MOST_ROWS, events.length + 1);
      else if (asked === this.rows && found.length === asked) this.rows = Math.min(MOST_ROWS, 2 * asked);
      const full = room.full || events.length === limit;
      if (full || found.length < asked) return Object.assign(events, { more: full });
    }
  }
}

/** How much of a page is still free, as its values arrive, column by column. */
class Room {
  private left = PAGE_CHARACTERS;
  private values = 0;
  readonly types: pg.CustomTypesConfig = { getTypeParser: () => (text: string) => this.taken(text) };

  get full(): boolean {
    return this.left < 0 && this.values > COLUMNS;
  }

  private taken(text: string): string {
    this.values += 1;
    this.left -= text.length;
    return this.full ? DROPPED : text;
  }
}

/** A whole log, however much that is: for tools and tests. Whoever must keep within a bound reads page by page. */
export async function wholeLog(log: {
  read(after: number, limit: number): Promise<EventPage>;
}): Promise<StoredEvent[]> {
  const events: StoredEvent[] = [];
  for (let more = true; more;) {
    const page = await log.read(events.at(-1)?.position ?? 0, MOST_ROWS);
    for (const event of page) events.push(event);
    more = page.more;
  }
  return events;
}
