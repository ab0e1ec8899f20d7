import { openPool } from '@loa/database';
import { setTimeout as pause } from 'node:timers/promises';
import { readers } from '../world/tables.migration.js';
import type { World } from './world.js';

/** Over Kafka it takes 2 to 5 s, and longer while a relay waits to send again; the rest is for a machine that does much else. */
const WITHIN_MS = 60_000;
const LOOK_MS = 50;

/**
 * Waits until every reader says of all its partitions that it has everything up to now: who fell silent after a fault
 * would let rows look older than they are for good.
 * @returns those who did not say so in time
 */
export async function freshAgain(world: World): Promise<string[]> {
  const { rows: address } = world.servers.postgres.addresses(world.run, 'direct');
  const pool = openPool({ connectionString: address, applicationName: 'faults', max: 1 });
  try {
    const { rows } = await pool.query<{ now: string }>('SELECT clock_timestamp()::text AS now');
    const patience = performance.now() + WITHIN_MS;
    for (;;) {
      const silent: string[] = [];
      for (const reader of readers) {
        const said = await pool.query(`SELECT 1 FROM ${reader}.checkpoint WHERE caught_up_at > $1`, [
          rows[0]!.now,
        ]);
        if (said.rowCount !== world.partitionsOf(reader))
          silent.push(
            `${reader} says of ${said.rowCount} of ${world.partitionsOf(reader)} partitions that it is fresh`,
          );
      }
      if (silent.length === 0 || performance.now() > patience) return silent;
      await pause(LOOK_MS);
    }
  } finally {
    await pool.end();
  }
}
