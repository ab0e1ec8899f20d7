import { openPool } from '@loa/database';
import { ParkedEvents, type ParkedEvent } from '@loa/projections';
import { writeFile } from 'node:fs/promises';
import { readerName } from '../world/plans.js';
import { readers } from '../world/tables.migration.js';
import type { World } from './world.js';

const WITHIN_MS = 30_000;
const MOST = 10_000;
/** What fails the first two times in each of two processes is applied by then. */
const TRIES = 6;
const BY = 'faults';

/** As operators do when all is mended: they try again what is parked, stream by stream, and leave out what fails still. */
export async function clearParked(world: World): Promise<void> {
  await writeFile(world.mended, '');
  const { rows } = world.servers.postgres.addresses(world.run, 'direct');
  const pool = openPool({ connectionString: rows, applicationName: BY, max: 1 });
  try {
    for (const reader of readers) {
      const events = new ParkedEvents(
        pool,
        { schema: reader, name: readerName(reader, world.kafka) },
        WITHIN_MS,
      );
      const streams = new Set((await events.list(MOST)).map(({ streamId }) => streamId));
      for (const stream of streams) await clearStream(events, stream);
    }
  } finally {
    await pool.end();
  }
}

async function clearStream(events: ParkedEvents, stream: string): Promise<void> {
  for (;;) {
    const failing = await tried(events, stream);
    if (!failing) return;
    await events.drop(failing, 'it fails whatever is done', BY);
  }
}

/** @returns the event that the stream is parked for still; undefined when nothing of it is parked */
async function tried(events: ParkedEvents, stream: string): Promise<ParkedEvent | undefined> {
  let first: ParkedEvent | undefined;
  for (let tries = 0; tries < TRIES; tries += 1) {
    const { state, next } = await events.retry(stream, BY);
    if (state === 'pending')
      throw new Error(`nobody has tried the stream ${stream} again in ${WITHIN_MS} ms`);
    if (!next) return undefined;
    if (first?.position !== next.position) tries = 0;
    first = next;
  }
  return first;
}
