import type { FreshnessRow } from './standing.sql.js';

/**
 * An event is recorded at the instant at which it got its place in the log, and is there once it is committed: a little
 * later, and as much later as a disk holds the commit up. Databases have clocks of their own, too.
 */
const SETTLES_WITHIN_MS = 10_000;

/** Why what a context had recorded by an instant may still come to be known better. */
export interface Unsettled {
  readonly context: string;
  /**
   * `LATE`: events of then may be on their way, or the instant is yet to come; `PARKED`: some were set aside and wait for
   * an operator; `NOT_UNDERSTOOD`: some were passed over, and are shown once the rows are made anew.
   */
  readonly why: 'LATE' | 'PARKED' | 'NOT_UNDERSTOOD';
}

/**
 * The contexts whose part of an answer as of an instant may be another one tomorrow.
 * @param asOf RFC 3339
 * @param rows how far each context had come before the question was asked
 */
export function unsettledAt(asOf: string, rows: readonly FreshnessRow[]): Unsettled[] {
  const instant = Date.parse(asOf);
  const why = ({ caughtUpAt, parkedSince, notUnderstood }: FreshnessRow): Unsettled['why'] | undefined => {
    if (caughtUpAt === null || Date.parse(caughtUpAt) - SETTLES_WITHIN_MS < instant) return 'LATE';
    if (parkedSince !== null && Date.parse(parkedSince) <= instant) return 'PARKED';
    return notUnderstood > 0 ? 'NOT_UNDERSTOOD' : undefined;
  };
  return rows.flatMap((row) => {
    const reason = why(row);
    return reason ? [{ context: row.context, why: reason }] : [];
  });
}
