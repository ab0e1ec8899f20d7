import { openPool } from '@loa/database';
import { EventStore, eventStoreMigrations } from '@loa/event-store';
import { eventually, freshDatabase } from '@loa/testing';
import { randomUUID } from 'node:crypto';
import { Sealer } from './sealer.js';
import { Seals1700000004000 } from './seals.migration.js';
import { verifyLog } from './verify.js';

/** More than a page of the log holds. */
const EVENTS = 40;
const HOUR_MS = 3_600_000;
const within = 30_000;

it('large events, of which few make a page, are sealed without a pause in between, and verified', async () => {
  const { runtime } = await freshDatabase('seals', {
    migrations: [...eventStoreMigrations, Seals1700000004000],
  });
  const store = new EventStore(openPool({ connectionString: runtime, applicationName: 'seals' }));
  const data = JSON.stringify('x'.repeat(250_000));
  for (let n = 0; n < EVENTS; n += 1) {
    const event = { eventId: randomUUID(), type: 'testing.Large', schemaVersion: 1, data, meta: '{}' };
    await store.append({ streamId: randomUUID(), expected: 0, events: [event] });
  }
  const failures: unknown[] = [];
  // Who pauses is not seen again in this test.
  const sealer = Sealer.start({ store, paceMs: HOUR_MS, onError: (error) => failures.push(error) });
  try {
    await eventually(() => expect(sealer.counters).toEqual({ position: EVENTS, seals: 3, events: EVENTS }), {
      within,
    });
    expect(await verifyLog(store)).toMatchObject({ events: EVENTS, sealed: EVENTS, seals: 3 });
    expect(failures).toEqual([]);
  } finally {
    await sealer.close();
    await store.close();
  }
}, 60_000);
