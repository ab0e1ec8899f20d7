import {
  ParkedEvents,
  type ParkedEvent,
  type ParkedHeading,
  type ParkedOutcome,
  type ParkedSweep,
} from '@loa/projections';
import { drawn } from '@loa/terminal';
import { assertId } from './assert-id.js';
import { CannotDo } from './cannot-do.js';
import { contextNamed } from './context-named.js';
import type { Installation } from './installation.js';
import { withPool } from './lent-pool.js';
import type { Outcome } from './outcome.js';
import { readerNamed, readersIn, type ReaderPlace } from './readers.js';

/** What a reader has set aside, or is asked to do about it. */
const atReader = <T>(reader: ReaderPlace, work: (events: ParkedEvents) => Promise<T>): Promise<T> =>
  withPool(reader.place, (pool) => work(new ParkedEvents(pool, reader)));

type At = Pick<ParkedEvent, 'source' | 'position'>;

export interface ParkedPage {
  /** Of this reader only. */
  readonly reader?: string;
  /** So many of each reader. */
  readonly first: number;
  /** Those after this one, in the order of source and position: `planning:812`. */
  readonly after?: string;
}

/** The events that are set aside, of every reader, as far as a page goes. */
export async function parked(installation: Installation, page: ParkedPage): Promise<Outcome> {
  const { pages, more } = await paged(installation, page, {
    list: (all, first, after) => all.headings(first, after),
    count: (all, after) => all.count(undefined, after),
  });
  const all = pages.flatMap(({ reader, events }) => events.map((event) => ({ reader, ...event })));
  const text = [parkedTable(all), ...more.map(goingOn('list'))].join('\n\n');
  return {
    json: { parked: all, more },
    attention: all.length > 0,
    text: all.length === 0 ? 'nothing is parked' : text,
  };
}

/** Where there is more than a page of a reader: how many, and after which event. */
interface More {
  readonly reader: string;
  readonly count: number;
  readonly after: string;
}

interface Asking<Event> {
  readonly list: (all: ParkedEvents, first: number, after: At | undefined) => Promise<Event[]>;
  readonly count: (all: ParkedEvents, after: At | undefined) => Promise<number>;
}

/** @throws CannotDo */
async function paged<Event extends At>(
  installation: Installation,
  { reader: wanted, first, after: from }: ParkedPage,
  { list, count }: Asking<Event>,
): Promise<{ pages: { reader: string; events: Event[] }[]; more: More[] }> {
  const after = from === undefined ? undefined : placeIn(from);
  const pages = await Promise.all(
    readersWanted(installation, wanted).map(async (reader) => {
      const [events, rest] = await atReader(reader, (all) =>
        Promise.all([list(all, first, after), count(all, after)]),
      );
      return { reader: reader.name, events, left: Math.max(0, rest - events.length) };
    }),
  );
  const more = pages.flatMap(({ reader, events, left }) => {
    const last = events.at(-1);
    return left > 0 && last ? [{ reader, count: left, after: `${last.source}:${last.position}` }] : [];
  });
  return { pages: pages.map(({ reader, events }) => ({ reader, events })), more };
}

const readersWanted = (installation: Installation, wanted: string | undefined): readonly ReaderPlace[] =>
  wanted === undefined ? readersIn(installation) : [readerNamed(installation, wanted)];

const goingOn =
  (command: string) =>
  ({ reader, count, after }: More): string =>
    `${count} more of ${reader}: "loa parked ${command} --reader ${reader} --after ${after}"`;

/** @throws CannotDo */
function placeIn(text: string): At {
  const [, source, position] = /^([a-z]+):(\d{1,15})$/.exec(text) ?? [];
  if (source !== undefined) return { source, position: Number(position) };
  throw new CannotDo(`${text} is no place of an event: it looks like planning:812`);
}

const parkedTable = (events: readonly (ParkedHeading & { reader: string })[]): string =>
  drawn({
    title: 'Parked events',
    columns: ['reader', 'source', 'position', 'stream', 'event', 'why', 'attempts', 'error'],
    rows: events.map(({ reader, source, position, streamId, type, why, attempts, error }) => [
      reader,
      source,
      String(position),
      streamId,
      type,
      why,
      String(attempts),
      error ?? '',
    ]),
    notes: [
      '"behind": an earlier event of its stream is parked. "loa parked show <stream>" has the payloads;',
      '"loa parked retry <stream> --by <who>" after a fix; ' +
        '"loa parked drop <source> <position> --reason <text> --by <who>" leaves one out for good.',
    ],
  });

/** Those of one stream, with payloads, as far as a page goes. */
export async function showParked(
  installation: Installation,
  streamId: string,
  page: ParkedPage,
): Promise<Outcome> {
  assertId(streamId);
  const { pages, more } = await paged(installation, page, {
    list: (all, first, after) => all.list(first, after, streamId),
    count: (all, after) => all.count(streamId, after),
  });
  const found = pages.filter(({ events }) => events.length > 0);
  if (found.length === 0) throw noneParked(page.after);
  const text = found.flatMap(({ reader, events }) => events.map((event) => told(reader, event)));
  return {
    json: { parked: found, more },
    text: [...text, ...more.map(goingOn(`show ${streamId}`))].join('\n\n'),
  };
}

const told = (reader: string, { source, position, type, version, error, data, meta }: ParkedEvent): string =>
  [
    `${reader}: ${source} ${position}, ${type}, version ${version} of its stream`,
    `  error  ${error ?? '–'}`,
    `  data   ${data}`,
    `  meta   ${meta}`,
  ].join('\n');

/** @throws CannotDo when none does */
async function holding(
  installation: Installation,
  wanted: string | undefined,
  find: (events: ParkedEvents) => Promise<At[]>,
): Promise<ReaderPlace[]> {
  const looked = await Promise.all(
    readersWanted(installation, wanted).map(async (reader) =>
      (await atReader(reader, find)).length > 0 ? [reader] : [],
    ),
  );
  const found = looked.flat();
  if (found.length === 0) throw noneParked();
  return found;
}

const noneParked = (after?: string): CannotDo =>
  new CannotDo(`no such event is parked${after === undefined ? '' : ` after ${after}`}: see "loa parked"`);

/** Applies what is parked of a stream, in every reader that has parked it or in one. */
export async function retryParked(
  installation: Installation,
  streamId: string,
  { reader: wanted, by }: { readonly reader?: string; readonly by: string },
): Promise<Outcome> {
  assertId(streamId);
  const found = await holding(installation, wanted, (events) => events.list(1, undefined, streamId));
  return outcomeOf(
    await Promise.all(
      found.map(async (reader) => ({
        reader: reader.name,
        ...(await atReader(reader, (events) => events.retry(streamId, by))),
      })),
    ),
  );
}

/** Applies what is parked of every stream, of every reader or of one. */
export async function retryAllParked(
  installation: Installation,
  { reader: wanted, by }: { readonly reader?: string; readonly by: string },
): Promise<Outcome> {
  const swept = await Promise.all(
    readersWanted(installation, wanted).map(async (reader) => ({
      reader: reader.name,
      ...(await atReader(reader, (events) => events.retryAll(by))),
    })),
  );
  const done = swept.filter(({ streams }) => Object.values(streams).some((count) => count > 0));
  return {
    json: { done },
    attention: done.some(({ streams }) => streams.failing + streams.pending > 0),
    text: done.length === 0 ? 'nothing is parked' : done.map(sweepWords).join('\n'),
  };
}

const sweepWords = ({ reader, streams, applied, remaining }: ParkedSweep & { reader: string }): string =>
  [
    `${reader}: ${applied} applied, ${remaining} parked; by stream:`,
    ...(['done', 'failing', 'gone', 'pending'] as const)
      .filter((state) => streams[state] > 0)
      .map((state) => `  ${streams[state]} × ${words[state]}`),
  ].join('\n');

/**
 * Of one reader: what one cannot apply another may be able to, and a drop is for good.
 * @throws CannotDo when several have parked it and none was named, or there is no such source
 */
export async function dropParked(
  installation: Installation,
  at: At,
  why: { readonly reader?: string; readonly reason: string; readonly by: string },
): Promise<Outcome> {
  contextNamed(installation.contexts, at.source);
  const isIt = ({ source, position }: At) => source === at.source && position === at.position;
  const before = { ...at, position: at.position - 1 };
  const [reader, ...others] = await holding(installation, why.reader, async (events) =>
    (await events.headings(1, before)).filter(isIt),
  );
  if (others.length > 0) {
    const names = [reader!, ...others].map(({ name }) => name).join(', ');
    throw new CannotDo(
      `${names} have parked it, and a drop is for good: say of which with --reader, one by one`,
    );
  }
  const done = await atReader(reader!, (events) => events.drop(at, why.reason, why.by));
  return outcomeOf([{ reader: reader!.name, ...done }]);
}

const words: Readonly<Record<ParkedOutcome['state'], string>> = {
  done: 'nothing of the stream is parked any more',
  failing: 'an event of the stream fails still',
  gone: 'it was not parked any more, or stands behind the one that failed: drop that one first',
  pending: 'asked for; its reader is at it, or does not run: it goes on by itself, see "loa parked"',
};

const outcomeOf = (done: readonly (ParkedOutcome & { reader: string })[]): Outcome => ({
  json: { done },
  attention: done.some(({ state }) => state !== 'done'),
  text: done
    .map(
      ({ reader, state, applied, remaining }) =>
        `${reader}: ${words[state]} (${applied} applied, ${remaining} parked)`,
    )
    .join('\n'),
});
