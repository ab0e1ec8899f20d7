import { toPosition } from '@loa/database';
import type pg from 'pg';
import type { RefusalReason } from './relay-batch.js';

/** Epochs of terms that the restored log knows nothing of are never reached again. */
const EPOCHS_A_RESTORE = 1_000_000;

/** What a relay says of a log that lacks what was published; the topic may have been lost with it. */
const reasons: readonly RefusalReason[] = ['log-restored', 'log-ends-early', 'topic-emptied'];

/** What was declared cannot be. */
export class NoSuchRestore extends Error {}

export interface DeclaredRestore {
  /** It is to be made anew now. */
  readonly topic: string;
  /** How many restores of this log have been declared, with this one. */
  readonly restores: number;
  /** Every term from now on has a greater epoch. */
  readonly epoch: number;
}

/**
 * Says that a log was restored from a backup and lacks events that were published. Its relay then publishes it anew from
 * the beginning, to a topic that was made anew too, and readers that have seen what it lacks stop and say so.
 * @param pool of the log's database, as the role of the service
 * @param last the last position that the backup held. What was appended since does not count. A smaller one than that
 *   only makes more readers stop; a greater one lets readers keep what is lost.
 * @throws NoSuchRestore when the log does not reach that position, or no relay refuses to publish it: the relay must
 *   have seen the topic, which may tell of restores that the backup knows nothing of
 */
export async function declareRestore(pool: pg.Pool, last: number): Promise<DeclaredRestore> {
  const { rows } = await pool.query<{ topic: string; epoch: string; restores: number }>(
    `UPDATE es.relay r
        SET position = 0, tails = array_fill(0::bigint, ARRAY[cardinality(tails)]), epoch = epoch + $2,
            restored = restored || $1::bigint, refusal = NULL, leader_pid = NULL
       FROM es.lane l
      WHERE split_part(r.refusal, ':', 1) = ANY ($3::text[]) AND l.lane = 0 AND l.head >= $1
     RETURNING r.name AS topic, r.epoch, cardinality(r.restored) AS restores`,
    [last, EPOCHS_A_RESTORE, reasons],
  );
  const row = rows[0];
  if (row) return { ...row, epoch: toPosition(row.epoch) };
  throw new NoSuchRestore(
    `nothing was declared: either the log ends before position ${last}, or its relay has not said that it lacks events ` +
      'that were published. Start the service and Kafka, and delete no topic before "loa status" tells of it',
  );
}
