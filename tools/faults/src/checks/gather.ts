import { openPool, toPosition } from '@loa/database';
import type { RecordedRead } from '@loa/testing';
import type pg from 'pg';
import { logOf } from '../run/log.js';
import type { Settled } from '../run/settle.js';
import type { World } from '../run/world.js';
import { callsOf, type CallEntry } from '../world/calls.js';
import { readJournal } from '../world/journal.js';
import { readers, type Reader } from '../world/tables.migration.js';
import { seen } from '../world/watch.js';
import { databaseAhead } from './database-clock.js';
import type { Evidence, FreshClaim, ParkedRow, ReaderEvidence, StreamRow, StreamState } from './evidence.js';

/**
 * What a run has left behind: journals, the log, and the rows of the readers.
 * @param ahead what {@link databaseAhead} said before the run: when the clock was set since, the larger one is on the safe side
 */
export async function gather(world: World, settled: Settled, ahead: number): Promise<Evidence> {
  const { log, rows } = world.servers.postgres.addresses(world.run, 'direct');
  const known = (['appender-1', 'appender-2'] as const).map((name) =>
    callsOf(readJournal<CallEntry>(world.journal(name))),
  );
  return {
    calls: known.flatMap(({ calls }) => calls),
    strange: known.flatMap(({ strange }) => strange),
    reads: readJournal<RecordedRead>(world.journal('reader-2')),
    stored: (await logOf(log)).map(seen),
    readers: await gatherReaders(rows),
    claims: await gatherClaims(world, rows, Math.max(ahead, await databaseAhead(rows))),
    ...settled,
    crashes: [...world.members.values()].flatMap(({ crashes }) => crashes),
  };
}

/** What the readers have made of the log. @param address of their database */
export async function gatherReaders(address: string): Promise<ReaderEvidence[]> {
  const pool = openPool({ connectionString: address, applicationName: 'faults', max: 1 });
  try {
    const made: ReaderEvidence[] = [];
    for (const reader of readers) made.push(await readerEvidence(pool, reader));
    return made;
  } finally {
    await pool.end();
  }
}

async function gatherClaims(world: World, address: string, ahead: number): Promise<FreshClaim[]> {
  const pool = openPool({ connectionString: address, applicationName: 'faults', max: 1 });
  try {
    const claims: FreshClaim[] = [];
    for (const reader of readers) {
      const { rows } = await pool.query<{ partition: number; position: string; upTo: number }>(
        `SELECT partition, position, extract(epoch FROM up_to)::float8 * 1000 AS "upTo" FROM ${reader}.claim`,
      );
      const partitions = world.partitionsOf(reader);
      for (const { partition, position, upTo } of rows)
        claims.push({ reader, partition, partitions, position: toPosition(position), upTo: upTo - ahead });
    }
    return claims;
  } finally {
    await pool.end();
  }
}

async function readerEvidence(pool: pg.Pool, reader: Reader): Promise<ReaderEvidence> {
  const { rows } = await pool.query<StreamRow & { stream: string }>(
    `SELECT stream, count, version, chain FROM ${reader}.stream`,
  );
  const { rows: history } = await pool.query<StreamState & { stream: string }>(
    `SELECT stream, count, version, chain, (extract(epoch FROM recorded_from) * 1000)::float8 AS "from",
            (extract(epoch FROM recorded_to) * 1000)::float8 AS "to"
       FROM ${reader}.stream_history ORDER BY stream, recorded_from`,
  );
  const states = new Map<string, StreamState[]>();
  for (const { stream, ...state } of history) {
    const earlier = states.get(stream);
    if (earlier) earlier.push(state);
    else states.set(stream, [state]);
  }
  const parked = await pool.query<Omit<ParkedRow, 'position'> & { position: string }>(
    `SELECT stream_id AS "streamId", position, version, why FROM ${reader}.parked ORDER BY position`,
  );
  const dropped = await pool.query<{ position: string }>(
    `SELECT position FROM ${reader}.dropped ORDER BY position`,
  );
  return {
    reader,
    dropped: dropped.rows.map(({ position }) => toPosition(position)),
    rows: new Map(rows.map(({ stream, ...row }) => [stream, row])),
    states,
    parked: parked.rows.map((row) => ({ ...row, position: toPosition(row.position) })),
  };
}
