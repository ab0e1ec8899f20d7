import { MIGRATION_LOCK } from '@loa/database';
import { eventually } from '@loa/testing';
import pg from 'pg';
import { Shop } from './generation.fixtures.js';
import { Rebuild } from './rebuild.js';

let shop: Shop;

beforeEach(async () => {
  shop = await Shop.open();
});
afterEach(() => shop.close());

const waitingForAdvisoryLock = `SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;

describe('a swap', () => {
  it('waits for the end of a migration that is under way', async () => {
    await shop.fill(1, 10);
    const migration = await shop.owner.connect();
    await migration.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    let caughtUp = false;
    const rebuild = new Rebuild(shop.side(), { onStep: (step) => (caughtUp ||= step === 'catch-up') });
    const outcome = rebuild.run({ patienceMs: 0 });
    await eventually(() => expect(caughtUp).toBe(true));
    await eventually(async () =>
      expect((await shop.owner.query(waitingForAdvisoryLock)).rows).toHaveLength(1),
    );
    expect((await shop.states())[0]).toEqual([1, 'shop', 'live']);
    await migration.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK]);
    migration.release();
    await outcome;
    expect((await shop.states())[1]).toEqual([2, 'shop', 'live']);
  });

  it('waits for the batch under way and gives way again and again, while questions are answered', async () => {
    await shop.fill(1, 10);
    await shop.follow();
    await shop.followed();
    const busy = new pg.Client({ connectionString: shop.access.runtime });
    await busy.connect();
    await busy.query('BEGIN; SELECT 1 FROM shop.checkpoint FOR UPDATE');
    let done = false;
    const rebuilding = new Rebuild(shop.side()).run().finally(() => (done = true));
    try {
      await eventually(async () => {
        const { rows } = await shop.owner.query(
          `SELECT 1 FROM pg_stat_activity WHERE application_name = 'loa-generations' AND wait_event_type = 'Lock'`,
        );
        expect(rows).toHaveLength(1);
        const asked = performance.now();
        await shop.pool.query('SELECT count(*) FROM shop.tab');
        await shop.projector.checkpoints();
        expect(performance.now() - asked).toBeLessThan(500);
      });
      expect(done).toBe(false);
      await busy.query('COMMIT');
    } finally {
      await busy.end();
    }
    await rebuilding;
    await shop.expectFoldOfLog();
  });

  it('takes along what operators have decided about events', async () => {
    await shop.fill(1, 3);
    const [, , third] = await shop.store.read(0, 3);
    await shop.owner.query(
      `INSERT INTO shop.dropped (reader, source, position, partition, stream_id, version, event_id, type, schema_version,
         data, meta, recorded_at, attempts, reason, dropped_by)
       VALUES ('tabs', 'shop', 3, 0, $1, 1, $2, 'shop.Opened', 1, '{}', '{}', now(), 3, 'by mistake', 'me')`,
      [third!.streamId, third!.eventId],
    );
    await shop.follow();
    await shop.followed();
    await new Rebuild(shop.side()).run({ force: true });
    const { rows } = await shop.owner.query('SELECT position, reason FROM shop.dropped');
    expect(rows).toEqual([{ position: '3', reason: 'by mistake' }]);
    expect(await shop.rows('shop')).toMatchObject({ tab: { length: 2 } });
  });
});
