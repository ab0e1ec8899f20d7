import { toPosition } from '@loa/database';
import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import { compare, type Comparison } from './drift.js';
import type { ReadSide } from './generation.js';
import { whileReaderHalts, type Sessions } from './generation-sessions.js';
import type { Shadow } from './generation-shadow.js';

export interface ComparedAt extends Comparison {
  /** By source: the last position that both had taken in. */
  readonly positions: Readonly<Record<string, number>>;
  /** Events that the live rows leave out: parked, dropped by an operator, or of a type that was not known. */
  readonly leftOut: number;
  /** How long the live reader had to wait, in milliseconds. */
  readonly heldMs: number;
}

async function isSoon(check: () => Promise<boolean>, withinMs: number): Promise<boolean> {
  for (const deadline = performance.now() + withinMs; !(await check());) {
    if (performance.now() > deadline) return false;
    await pause(50);
  }
  return true;
}

/**
 * Compares a shadow with the live rows at equal positions. The live reader halts between two batches until the shadow
 * stands where it stands and a snapshot of both is taken; the rows are compared in the snapshot, while it goes on.
 * @param patienceMs how long to wait for live rows that lie behind the shadow
 * @returns undefined when they did not come
 */
export async function compareWithLive(
  sessions: Sessions,
  side: ReadSide,
  shadow: Shadow,
  patienceMs: number,
): Promise<ComparedAt | undefined> {
  if (!(await isSoon(() => shadow.isWithinLive(), patienceMs))) return undefined;
  await shadow.matchLive();
  const snapshot = await sessions.pool.connect();
  try {
    const { result: positions, heldMs } = await whileReaderHalts(sessions, side.schema, async () => {
      await shadow.matchLive();
      await snapshot.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
      const { rows } = await snapshot.query<{ source: string; position: string }>(
        `SELECT source, max(position) AS position FROM ${side.schema}.checkpoint WHERE reader = $1 GROUP BY source`,
        [side.reader],
      );
      return Object.fromEntries(rows.map(({ source, position }) => [source, toPosition(position)]));
    });
    const schemas = { live: side.schema, anew: shadow.schema };
    const leftOut = await leftOutOf(snapshot, side);
    return { ...(await compare(snapshot, side.projections, schemas)), positions, leftOut, heldMs };
  } finally {
    // Its transaction ends with it, however it went.
    snapshot.release(true);
  }
}

async function leftOutOf(snapshot: pg.PoolClient, { schema, reader }: ReadSide): Promise<number> {
  const { rows } = await snapshot.query<{ count: string }>(
    `SELECT (SELECT count(*) FROM ${schema}.parked WHERE reader = $1)
          + (SELECT count(*) FROM ${schema}.dropped WHERE reader = $1)
          + (SELECT coalesce(sum(events), 0) FROM ${schema}.unknown_type WHERE reader = $1) AS count`,
    [reader],
  );
  return toPosition(rows[0]!.count);
}
