import { openPool } from '@loa/database';
import { EventStore, eventStoreMigrations } from '@loa/event-store';
import { eventually, freshDatabase } from '@loa/testing';
import { LogTransport } from '@loa/transport';
import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { freshTabs, Opened, tabId, tabProjector } from './projector.fixtures.js';
import { runProjector } from './run-projector.js';

let store: EventStore;
let logOwner: pg.Pool;
let pool: pg.Pool;
let transport: LogTransport;
let errors: string[];

beforeEach(async () => {
  const log = await freshDatabase('faulty_log', { migrations: eventStoreMigrations });
  store = new EventStore(openPool({ connectionString: log.runtime, applicationName: 'log-faults' }));
  logOwner = openPool({ connectionString: log.owner, applicationName: 'log-faults' });
  await logOwner.query('ALTER TABLE es.event DISABLE TRIGGER append_only');
  ({ pool } = await freshTabs('faulty_log_rows'));
  errors = [];
  transport = new LogTransport({ shop: store }, (error) => errors.push(String(error)));
});
afterEach(async () => {
  await transport.close();
  await Promise.all([store.close(), logOwner.end(), pool.end()]);
});

const run = () => runProjector(transport, tabProjector(pool), (error) => errors.push(String(error)));
const shown = async () =>
  (await pool.query<{ tab: string }>('SELECT tab FROM shop.tab ORDER BY tab')).rows.map(({ tab }) => tab);
const tabsOf = (...numbers: number[]) => numbers.map(tabId);

/** Each tab in an append of its own: its number is its position in a log that was never restored. */
async function open(...numbers: number[]): Promise<void> {
  for (const number of numbers) {
    const { type, schemaVersion, data } = Opened({ tab: tabId(number), note: null });
    const event = { eventId: randomUUID(), type, schemaVersion, data: JSON.stringify(data), meta: '{}' };
    await store.append({ streamId: data.tab, expected: 0, events: [event] });
  }
}

it('a hole in the log: rows are made of what lies before it, the rest when it is there again', async () => {
  await open(1, 2, 3, 4);
  await logOwner.query('CREATE TABLE taken AS SELECT * FROM es.event WHERE position = 3');
  await logOwner.query('DELETE FROM es.event WHERE position = 3');
  const running = await run();
  await eventually(() => expect(errors.length).toBeGreaterThan(1));
  expect(new Set(errors)).toEqual(
    new Set([
      'Error: hole in the log of shop: position 3 is missing, and positions are dense. Nothing is delivered past it to ' +
        'tabs: restore the event from a backup of this log, and reading goes on by itself',
    ]),
  );
  expect(await shown()).toEqual(tabsOf(1, 2));
  await logOwner.query('INSERT INTO es.event SELECT * FROM taken');
  await eventually(async () => expect(await shown()).toEqual(tabsOf(1, 2, 3, 4)), { within: 20_000 });
  await running.close();
});

it('a log that was restored and has grown past the checkpoint: no event at a position of another one is passed over', async () => {
  await open(1, 2, 3);
  const before = await run();
  await eventually(async () => expect(await shown()).toEqual(tabsOf(1, 2, 3)));
  await before.close();
  await logOwner.query('DELETE FROM es.event WHERE position > 1');
  await logOwner.query('UPDATE es.lane SET head = 1');
  await open(4, 5, 6, 7);
  const running = await run();
  await eventually(() =>
    expect(errors[0]).toMatch(/^Error: tabs has read shop up to 3, but .*"npx loa rebuild --reader tabs"$/),
  );
  expect(await shown()).toEqual(tabsOf(1, 2, 3));
  await running.close();
});
