import { openPool } from '@loa/database';
import { ParkedEvents, type ParkedEvent } from '@loa/projections';
import { writeFile } from 'node:fs/promises';
import { readerName } from '../world/plans.js';
import { readers } from '../world/tables.migration.js';
import type { World } from './world.js';

/** A reader looks a few times a second; the rest is for a machine that does much else. */
const WITHIN_MS = 90_000;
const MOST = 10_000;
/** What fails the first two times in each of two processes is applied by then. */
const TRIES = 6;
/** Streams that are seen to at once: a reader carries out all that it was asked for when it looks. */
const AT_ONCE = 32;
const BY = 'faults';

/**
 * As operators do when all is mended: they try again what is parked, all at once and then stream by stream, and leave out what
 * fails still.
 * @returns streams that no reader tried again in time
 */
export async function clearParked(world: World): Promise<string[]> {
  const late: string[] = [];
  await writeFile(world.mended, '');
  const { rows } = world.servers.postgres.addresses(world.run, 'direct');
  const pool = openPool({ connectionString: rows, applicationName: BY, max: 4 });
  try {
    for (const reader of readers) {
      const events = new ParkedEvents(
        pool,
        { schema: reader, name: readerName(reader, world.kafka) },
        WITHIN_MS,
      );
      await events.retryAll(BY);
      const streams = new Set((await events.list(MOST)).map(({ streamId }) => streamId)).values();
      const work = async () => {
        for (const stream of streams) {
          if (late.length > 0) return;
          if (!(await cleared(events, stream)))
            late.push(`${reader} has not tried ${stream} again in ${WITHIN_MS} ms`);
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, work));
    }
    return late;
  } finally {
    await pool.end();
  }
}

/** @returns false when nobody tried it again */
async function cleared(events: ParkedEvents, stream: string): Promise<boolean> {
  for (;;) {
    const failing = await tried(events, stream);
    if (failing === 'nobody tried') return false;
    if (!failing) return true;
    await events.drop(failing, 'it fails whatever is done', BY);
  }
}

/** @returns the event that the stream is parked for still; undefined when nothing of it is parked */
async function tried(
  events: ParkedEvents,
  stream: string,
): Promise<ParkedEvent | 'nobody tried' | undefined> {
  let first: ParkedEvent | undefined;
  for (let tries = 0; tries < TRIES; tries += 1) {
    const { state, next } = await events.retry(stream, BY);
    if (state === 'pending') return 'nobody tried';
    if (!next) return undefined;
    if (first?.position !== next.position) tries = 0;
    first = next;
  }
  return first;
}
