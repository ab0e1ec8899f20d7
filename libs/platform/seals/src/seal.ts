import { toPosition } from '@loa/database';
import type pg from 'pg';

/** What a log was when it had so many events. */
export interface Seal {
  readonly size: number;
  readonly root: Buffer;
  readonly chain: Buffer;
  /** See {@link GrowingTree.frontier}. */
  readonly frontier: readonly Buffer[];
  /** RFC 3339 UTC with milliseconds. */
  readonly sealedAt: string;
}

export interface SealedLeaf {
  readonly position: number;
  readonly eventId: string;
  readonly hash: Buffer;
}

interface SealRow {
  size: string;
  root: Buffer;
  chain: Buffer;
  frontier: Buffer[];
  sealed_at: Date;
}

const sealOf = ({ size, sealed_at, ...row }: SealRow): Seal => ({
  ...row,
  size: toPosition(size),
  sealedAt: sealed_at.toISOString(),
});

type Queries = Pick<pg.Pool | pg.PoolClient, 'query'>;

/** The newest one; nothing when nothing was sealed. */
export async function lastSeal(database: Queries): Promise<Seal | undefined> {
  const { rows } = await database.query<SealRow>('SELECT * FROM es.seal ORDER BY size DESC LIMIT 1');
  return rows[0] && sealOf(rows[0]);
}

/** Up to `limit` seals of more than `after` events, the smallest first. */
export async function sealsAfter(database: Queries, after: number, limit: number): Promise<Seal[]> {
  const { rows } = await database.query<SealRow>(
    'SELECT * FROM es.seal WHERE size > $1 ORDER BY size LIMIT $2',
    [after, limit],
  );
  return rows.map(sealOf);
}

/** Up to `limit` leaves after a position, in order. */
export async function leavesAfter(database: Queries, after: number, limit: number): Promise<SealedLeaf[]> {
  const { rows } = await database.query<{ position: string; event_id: string; hash: Buffer }>(
    'SELECT position, event_id, hash FROM es.leaf WHERE position > $1 ORDER BY position LIMIT $2',
    [after, limit],
  );
  return rows.map(({ position, event_id: eventId, hash }) => ({
    position: toPosition(position),
    eventId,
    hash,
  }));
}
