import { openPool } from '@loa/database';
import { eventually } from '@loa/testing';
import pg from 'pg';
import { CaughtUpTimes } from './caught-up-times.js';
import { batch, delivered, freshTabs, Opened, tabId, tabProjector } from './projector.fixtures.js';

let runtime: string;
let pool: pg.Pool;
let lockers: readonly [pg.Client, pg.Client];

beforeAll(async () => {
  const access = await freshTabs('caught_up');
  ({ pool, runtime } = access);
  lockers = [new pg.Client({ connectionString: runtime }), new pg.Client({ connectionString: runtime })];
  await Promise.all(lockers.map((locker) => locker.connect()));
  await tabProjector(pool).handle(batch(delivered([[1, Opened({ tab: tabId(1), note: null })]])));
});
afterAll(async () => {
  await Promise.all(lockers.map((locker) => locker.end()));
  await pool.end();
});

const caughtUpAt = async () =>
  (await pool.query<{ at: Date | null }>('SELECT caught_up_at AS at FROM shop.checkpoint')).rows[0]!.at;
const lock = async (locker: pg.Client) => {
  await locker.query('BEGIN');
  await locker.query('SELECT FROM shop.checkpoint FOR UPDATE');
};
const noted = (on = pool) => {
  const times = new CaughtUpTimes(on, { name: 'tabs', schema: 'shop' });
  times.note({ source: 'shop', partition: 0, agoMs: 0 });
  return times;
};

it('leaves a locked row alone, and writes what it has noted when the row is free, without another look', async () => {
  const times = noted();
  await lock(lockers[0]);
  await times.write();
  expect(await caughtUpAt()).toBeNull();
  await lockers[0].query('COMMIT');
  await eventually(async () => {
    await times.write();
    expect(await caughtUpAt()).not.toBeNull();
  });
});

it('waits for the lock when batches follow upon each other so closely that the row is never free', async () => {
  const before = await caughtUpAt();
  const times = noted();
  let seen = false;
  await lock(lockers[0]);
  const busy = (async () => {
    for (let turn = 0; !seen; turn += 1) {
      const [holds, waits] = turn % 2 === 0 ? lockers : [lockers[1], lockers[0]];
      const next = lock(waits);
      // Long enough for the other to queue up behind: the row goes from hand to hand.
      await new Promise((resolve) => setTimeout(resolve, 250));
      await holds.query('COMMIT');
      await next;
    }
    await Promise.all(lockers.map((locker) => locker.query('ROLLBACK')));
  })();
  await eventually(
    async () => {
      await times.write();
      expect(await caughtUpAt()).not.toEqual(before);
    },
    { within: 20_000 },
  ).finally(() => (seen = true));
  await busy;
}, 30_000);

it('says when the reader looked, however long it takes until the database hears of it', async () => {
  const narrow = openPool({ connectionString: runtime, applicationName: 'narrow', max: 1 });
  try {
    const times = noted(narrow);
    await times.write();
    const before = await caughtUpAt();
    times.note({ source: 'shop', partition: 0, agoMs: 0 });
    const { rows } = await pool.query<{ at: Date }>('SELECT clock_timestamp() AS at');
    await eventually(async () => {
      const busy = narrow.query('SELECT pg_sleep(0.3)');
      await Promise.all([times.write(), busy]);
      expect(await caughtUpAt()).not.toEqual(before);
    });
    expect((await caughtUpAt())!.getTime()).toBeLessThanOrEqual(rows[0]!.at.getTime());
  } finally {
    await narrow.end();
  }
});
