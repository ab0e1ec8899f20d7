import type { EventStore, NewEvent } from '@loa/event-store';

/** Appends that are under way at once. */
const AT_ONCE = 64;

/** One append of events to the end of a stream. */
export interface Filling {
  readonly streamId: string;
  /** Of the stream before it. */
  readonly expected: number;
  readonly events: readonly NewEvent[];
}

/** Writes a log, quickly and in about this order. @throws when an append is not taken in */
export async function fillLog(store: EventStore, fillings: Iterable<Filling>): Promise<void> {
  const queue = fillings[Symbol.iterator]();
  const work = async () => {
    for (let next = queue.next(); !next.done; next = queue.next()) {
      const { status } = await store.append(next.value);
      if (status !== 'appended') throw new Error(`an append came out as ${status}`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}
