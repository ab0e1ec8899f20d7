import { toPosition } from '@loa/database';
import type pg from 'pg';

/** What operators decided about events, and asked for: it belongs to the read side and not to one generation of it. */
const decisions = ['dropped', 'parked_request'] as const;

/** Brings what operators decided into another generation, as it stands; new decisions wait for the transaction. */
export async function carryDecisions(client: pg.PoolClient, from: string, to: string): Promise<void> {
  for (const table of decisions) {
    const { rows } = await client.query<{ there: boolean }>('SELECT to_regclass($1) IS NOT NULL AS there', [
      `${from}.${table}`,
    ]);
    if (!rows[0]!.there) continue;
    await client.query(`LOCK TABLE ${from}.${table} IN SHARE MODE`);
    await client.query(`DELETE FROM ${to}.${table}`);
    await client.query(`INSERT INTO ${to}.${table} SELECT * FROM ${from}.${table}`);
  }
}

/** An event that was dropped. */
export interface Dropped {
  readonly source: string;
  readonly position: number;
  readonly streamId: string;
  readonly type: string;
}

const sameEvent = '(o.reader, o.source, o.position) = (d.reader, d.source, d.position)';

/** Dropped of the live rows, and neither dropped nor parked in the other generation: applied there, or yet to come. */
export async function dropsUnknownTo(client: pg.PoolClient, live: string, other: string): Promise<Dropped[]> {
  const { rows } = await client.query<Omit<Dropped, 'position'> & { position: string }>(
    `SELECT source, position, stream_id AS "streamId", type FROM ${live}.dropped d
      WHERE NOT EXISTS (SELECT FROM ${other}.dropped o WHERE ${sameEvent})
        AND NOT EXISTS (SELECT FROM ${other}.parked o WHERE ${sameEvent})
      ORDER BY d.source, d.position`,
  );
  return rows.map((row) => ({ ...row, position: toPosition(row.position) }));
}

/**
 * Lets another generation leave out what was dropped of the live rows, and asks its projector to apply what stood behind
 * an event that was parked there. What operators have asked for is not its business before it is live.
 */
export async function leaveOutDropped(client: pg.PoolClient, live: string, other: string): Promise<void> {
  await client.query(`INSERT INTO ${other}.dropped SELECT * FROM ${live}.dropped ON CONFLICT DO NOTHING`);
  await client.query(`DELETE FROM ${other}.parked o USING ${other}.dropped d WHERE ${sameEvent}`);
  await client.query(`DELETE FROM ${other}.parked_request`);
  // A stream is parked for its first event. One that begins with an event that was never tried is parked for none.
  await client.query(
    `INSERT INTO ${other}.parked_request (id, reader, source, stream_id, action, requested_by)
     SELECT gen_random_uuid(), reader, source, stream_id, 'retry', 'loa'
       FROM (SELECT DISTINCT ON (reader, source, stream_id) reader, source, stream_id, why
               FROM ${other}.parked ORDER BY reader, source, stream_id, version) first_parked
      WHERE why = 'behind'`,
  );
}
