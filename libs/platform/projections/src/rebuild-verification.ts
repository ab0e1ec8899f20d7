import { toPosition } from '@loa/database';
import type pg from 'pg';
import { GenerationRefusal } from './generation.js';
import type { Projection } from './projection.js';

/** Rows of all read tables and their histories. */
export async function countRows(
  pool: pg.Pool,
  projections: readonly Projection[],
  schema: string,
): Promise<number> {
  const names = projections.flatMap(({ tables }) => tables).flatMap(({ name }) => [name, `${name}_history`]);
  const counts = names.map((name) => `(SELECT count(*) FROM ${schema}."${name}")`);
  const { rows } = await pool.query<{ rows: string }>(`SELECT ${counts.join(' + ')} AS rows`);
  return toPosition(rows[0]!.rows);
}

/** Events that this code cannot apply although the live rows contain them. @throws GenerationRefusal */
export async function refuseParked(pool: pg.Pool, live: string, shadow: string): Promise<void> {
  const { rows } = await pool.query<{ source: string; position: string; type: string; error: string | null }>(
    `SELECT source, position, type, error FROM ${shadow}.parked s
      WHERE NOT EXISTS (SELECT FROM ${live}.parked l
                         WHERE (l.reader, l.source, l.position) = (s.reader, s.source, s.position))
      ORDER BY source, position`,
  );
  const [first] = rows;
  if (!first) return;
  throw new GenerationRefusal(
    `${rows.length} event(s) were parked that are not parked among the live rows, the first of them ${first.source} ` +
      `${first.position} (${first.type}): ${first.error ?? 'it stands behind one that failed'}. Nothing was swapped. Mend the ` +
      'projection and run the rebuild again from the start, or force the swap',
  );
}
