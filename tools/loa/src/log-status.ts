import { toPosition } from '@loa/database/pool';
import type { Finding } from '@loa/seals';
import type { DatabasePlace } from './installation.js';
import { withPool } from './lent-pool.js';
import type { RelayState } from './reader-lag.js';

export interface LogStatus {
  readonly context: string;
  readonly head: number;
  readonly recordedAt: string | null;
  readonly sealed: number;
  readonly sealedAt: string | null;
  /** Age of the oldest event that is not sealed; 0 when there is none. */
  readonly secondsUnsealed: number;
  /** What the last comparison of the log with its seals found wrong; null: nothing, or there was none. */
  readonly finding: (Pick<Finding, 'kind' | 'position' | 'detail'> & { readonly verifiedAt: string }) | null;
  /** How far it was published to Kafka; null where there is no relay. */
  readonly relay: RelayState | null;
  /** Why nothing is published until somebody puts it right; null: there is no such reason. */
  readonly refusal: string | null;
}

interface Row {
  readonly head: string;
  readonly recordedAt: Date | null;
  readonly sealed: string;
  readonly sealedAt: Date | null;
  readonly secondsUnsealed: number | null;
  readonly finding: Finding | null;
  readonly verifiedAt: Date | null;
  readonly position: string | null;
  readonly tails: string[] | null;
  readonly refusal: string | null;
}

const instant = (at: Date | null) => at?.toISOString() ?? null;

/** Where a log stands with its relay and its seals. */
export function logStatus(place: DatabasePlace): Promise<LogStatus> {
  return withPool(place, async (pool) => {
    const { rows } = await pool.query<Row>(
      // Minus infinity stands for "before the first event". When nothing is left of what is not sealed, the log itself
      // still says when its last event was recorded.
      `SELECT l.head, nullif(l.recorded_at, '-infinity') AS "recordedAt",
              coalesce(s.size, 0) AS sealed, s.sealed_at AS "sealedAt",
              CASE WHEN l.head > coalesce(s.size, 0) THEN extract(epoch FROM now() - coalesce(
                (SELECT recorded_at FROM es.event WHERE position > coalesce(s.size, 0) ORDER BY position LIMIT 1),
                nullif(l.recorded_at, '-infinity')))::int END AS "secondsUnsealed",
              v.finding, v.verified_at AS "verifiedAt", r.position, r.tails, r.refusal
         FROM es.lane l
         LEFT JOIN LATERAL (SELECT * FROM es.seal ORDER BY size DESC LIMIT 1) s ON true
         LEFT JOIN LATERAL (SELECT * FROM es.verification ORDER BY id DESC LIMIT 1) v ON true
         LEFT JOIN LATERAL (SELECT * FROM es.relay ORDER BY position DESC LIMIT 1) r ON true
        WHERE l.lane = 0`,
    );
    return statusOf(place.name, rows[0]!);
  });
}

const statusOf = (context: string, row: Row): LogStatus => ({
  context,
  head: toPosition(row.head),
  recordedAt: instant(row.recordedAt),
  sealed: toPosition(row.sealed),
  sealedAt: instant(row.sealedAt),
  secondsUnsealed: Math.max(0, row.secondsUnsealed ?? 0),
  finding: row.finding && {
    kind: row.finding.kind,
    position: row.finding.position,
    detail: row.finding.detail,
    verifiedAt: row.verifiedAt!.toISOString(),
  },
  relay:
    row.position === null
      ? null
      : { position: toPosition(row.position), tails: (row.tails ?? []).map((tail) => toPosition(tail)) },
  refusal: row.refusal,
});
