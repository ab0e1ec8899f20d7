import { openPool } from '@loa/database';
import type { Distributed, ServiceName } from '@loa/distributed';
import { DraftActivity } from '@loa/contracts-reporting';
import { draftOf } from '@loa/outside';
import { eventually } from '@loa/testing';
import { randomUUID } from 'node:crypto';
import { make, type Context, type Worker } from './work.js';

export interface Running extends Worker {
  readonly system: Distributed;
}

/** Lends a moment in which the log of a context takes nothing: what wants to append waits. */
async function whileLogIsHeld<T>(
  { system }: Running,
  context: Context,
  work: (held: { waiting(): Promise<void>; letGo(): Promise<void> }) => Promise<T>,
): Promise<T> {
  const address = new URL(system.postgres.adminUrl);
  address.pathname = `/loa_${context}`;
  const pool = openPool({ connectionString: address.toString(), applicationName: 'acceptance', max: 2 });
  const holder = await pool.connect();
  try {
    await holder.query('BEGIN; SELECT head FROM es.lane FOR UPDATE');
    return await work({
      waiting: () =>
        eventually(async () => {
          const { rowCount } = await pool.query(
            `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
          );
          expect(rowCount).toBeGreaterThan(0);
        }),
      letGo: async () => void (await holder.query('COMMIT')),
    });
  } finally {
    holder.release(true);
    await pool.end();
  }
}

/** What must hold of a process that is told to end while it has something to do. */
export function heedSigterm(running: () => Running): void {
  const ready = (name: ServiceName) =>
    eventually(async () => expect(await running().system.service(name).ready()).toBe(true), {
      within: 30_000,
    });

  it.each<[told: ServiceName, command: Context]>([
    ['planning', 'planning'],
    ['reporting', 'reporting'],
    ['monitoring', 'monitoring'],
    ['gateway-api', 'planning'],
  ])(
    '%s answers the command that it has taken in, then ends with 0',
    async (name, context) => {
      await ready(context);
      const service = running().system.service(name);
      await whileLogIsHeld(running(), context, async ({ waiting, letGo }) => {
        const { client, world } = running();
        const answered = make[context](client, world, randomUUID());
        // It is waited for below; a failure before that must not count as unhandled.
        answered.catch(() => undefined);
        await waiting();
        const ended = service.end('SIGTERM');
        // It has heard: nobody is let in any more, and the command is still on its way.
        await eventually(async () => expect(await service.ready()).toBe(false));
        await letGo();
        expect((await answered).version).toBe(1);
        expect(await ended).toBe(0);
      });
      service.spawn();
    },
    60_000,
  );

  it('gateway-projector ends with 0 with events on their way, and goes on where it was', async () => {
    await Promise.all((['planning', 'monitoring', 'gateway-api'] as const).map(ready));
    const { system, client, world } = running();
    const activityId = randomUUID();
    await client.accepted(DraftActivity, draftOf(world, activityId));
    expect(await system.service('gateway-projector').end('SIGTERM')).toBe(0);
    system.service('gateway-projector').spawn();
    const question = 'query ($id: ID!) { activity(id: $id) { version } }';
    await eventually(
      async () =>
        expect(await client.query(question, { id: activityId })).toEqual({ activity: { version: 1 } }),
      { within: 30_000 },
    );
  }, 60_000);
}
