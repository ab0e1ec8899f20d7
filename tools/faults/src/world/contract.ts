import { language } from '@loa/event-sourcing';
import { change, projection, put, readTable, when, type Projection } from '@loa/projections';
import { createHash } from 'node:crypto';
import { z } from 'zod';

const { event } = language('world', {});

/** What can be wrong with an event: the projection throws whenever it sees it, the first two times, or until it is mended. */
const Fails = z.enum(['never', 'always', 'twice', 'until mended']);
export type Fails = z.output<typeof Fails>;

export const Happened = event(
  'Happened',
  1,
  'Something happened. Stream: any.',
  z.object({ by: z.string(), n: z.int(), fails: Fails }),
);

/** The first event of a stream can be applied in the end: else all that follows it would have to be left out too. */
export const failsFor = (fails: Fails, version: number): Fails =>
  fails === 'always' && version === 1 ? 'until mended' : fails;

/** One row a stream. Any event that is left out, comes twice or in another order shows in it, for good. */
export const streamTable = readTable('stream', {
  key: ['stream'],
  columns: { stream: 'uuid', count: 'int', version: 'int', chain: 'text' },
});

interface Link {
  readonly version: number;
  readonly eventId: string;
}

/** What the chain of a stream is after one more event. */
export const link = (chain: string, { version, eventId }: Link): string =>
  createHash('sha256').update(`${chain} ${version} ${eventId}`).digest('hex').slice(0, 16);

/** How a reader can be broken on purpose, to see that it is found out. */
export type Broken = 'skips an event' | 'applies an event twice';

/** Which event a broken reader treats badly: one that surely comes. */
const BADLY_TREATED_VERSION = 3;

/**
 * @param isMended whether the projection can apply by now what it could not
 * @param broken what this reader does wrong, to one event of each stream
 */
export function streams(isMended: () => boolean, broken?: Broken): Projection {
  const failures = new Map<string, number>();
  return projection(
    'streams',
    [streamTable],
    [
      when(Happened, (data, { streamId: stream, version, eventId }) => {
        const fails = failsFor(data.fails, version);
        const failed = failures.get(eventId) ?? 0;
        if (
          fails === 'always' ||
          (fails === 'twice' && failed < 2) ||
          (fails === 'until mended' && !isMended())
        ) {
          failures.set(eventId, failed + 1);
          throw new Error('an event that is made to fail');
        }
        const step = { version, eventId };
        if (version === 1) return [put(streamTable, { stream, count: 1, version, chain: link('', step) })];
        const next = change(streamTable, { stream }, ({ count, chain }) => ({
          count: count + 1,
          version,
          chain: link(chain, step),
        }));
        if (broken === undefined || version !== BADLY_TREATED_VERSION) return [next];
        return broken === 'skips an event' ? [] : [next, next];
      }),
    ],
  );
}
