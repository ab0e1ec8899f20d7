import { MIGRATION_LOCK } from '@loa/database';
import { eventually } from '@loa/testing';
import type { StoredEvent } from '@loa/event-store';
import pg from 'pg';
import { Shop } from './generation.fixtures.js';
import type { Progress, Step } from './generation.js';
import { HoleInLog } from './generation-feed.js';
import { GenerationRegistry } from './generation-registry.js';
import { when } from './projection.js';
import { Added, delivered, Opened, second, tabId, tabs, tabTable } from './projector.fixtures.js';
import { Projector } from './projector.js';
import { discardGeneration, rollBack } from './rebuild-rollback.js';
import { Rebuild } from './rebuild.js';
import { overTables } from './table-sql.js';

let shop: Shop;
let owner: pg.Pool;

beforeEach(async () => {
  shop = await Shop.open();
  owner = new pg.Pool({ connectionString: shop.access.owner, max: 2 });
});
afterEach(async () => {
  await shop.close();
  await owner.end();
});

const registry = () => new GenerationRegistry(shop.side());
const states = async () =>
  (await registry().list(owner)).map(({ number, schemaName, state }) => [number, schemaName, state]);
/** The rows that the facts of the log give, made in another way than by a rebuild: a few events at a time into a fresh schema. */
async function expectFoldOfLog(schema = 'shop'): Promise<void> {
  await owner.query(`DROP SCHEMA IF EXISTS fold CASCADE; CREATE SCHEMA fold`);
  for (const table of ['tab', 'tab_history', 'checkpoint', 'parked', 'dropped', 'parked_request']) {
    await owner.query(`CREATE TABLE fold.${table} (LIKE shop.${table} INCLUDING ALL)`);
  }
  const fold = new Projector(owner, { name: 'fold', sources: ['shop'], projections: [tabs], schema: 'fold' });
  const log = await shop.store.read(0, 1_000_000);
  for (let at = 0; at < log.length; at += 37) {
    const events = log
      .slice(at, at + 37)
      .map((event) => ({ ...event, previous: event.position - 1, offset: event.position }));
    await fold.handle({ source: 'shop', partition: 0, events });
  }
  await owner.query(
    `GRANT USAGE ON SCHEMA fold TO PUBLIC; GRANT SELECT ON ALL TABLES IN SCHEMA fold TO PUBLIC`,
  );
  expect(await shop.rows(schema)).toEqual(await shop.rows('fold'));
}

describe('a rebuild', () => {
  it('puts rows made anew in the place of those that drifted, and keeps the old ones', async () => {
    await shop.fill(1, 40);
    await shop.follow();
    await shop.followed();
    await owner.query(`UPDATE shop.tab SET total = total + 1 WHERE tab = $1`, [tabId(7)]);
    const steps: Step[] = [];
    const seen: Progress[] = [];
    const rebuilt = await new Rebuild(shop.side(), {
      onStep: (step) => steps.push(step),
      onProgress: (progress) => seen.push(progress),
    }).run();
    await expectFoldOfLog();
    expect(steps).toEqual(['create', 'read', 'index', 'compare', 'catch-up', 'swap']);
    expect(seen.at(-1)).toMatchObject({ source: 'shop', position: 124, head: 124, ratio: 1, etaSeconds: 0 });
    expect(rebuilt).toMatchObject({
      continued: false,
      comparison: {
        differences: 1,
        examples: [{ table: 'tab', kind: 'altered', key: { tab: tabId(7) }, columns: ['total'] }],
        positions: { shop: 124 },
      },
      generation: {
        number: 2,
        state: 'live',
        schemaName: 'shop',
        code: 'one',
        positions: { shop: 124 },
        events: 124,
        rows: 36 + 40 + 40,
        differences: 1,
        progress: 1,
      },
    });
    expect(await states()).toEqual([
      [1, 'shop_g1', 'kept'],
      [2, 'shop', 'live'],
    ]);
    const { rows } = await owner.query(`SELECT total FROM shop_g1.tab WHERE tab = $1`, [tabId(7)]);
    expect(rows).toEqual([{ total: 9 }]);
  });

  it('makes tables with the same columns, keys, indexes, options, comments and rights', async () => {
    await shop.fill(1, 3);
    const described = async () =>
      (
        await owner.query(
          `SELECT c.relname, c.relkind, c.reloptions, obj_description(c.oid) AS comment, c.relacl::text AS acl,
                  CASE WHEN c.relkind = 'i' THEN replace(pg_get_indexdef(c.oid), 'shop.', '') END AS index,
                  (SELECT json_agg(json_build_array(attname, atttypid, attnotnull, attidentity) ORDER BY attnum)
                     FROM pg_attribute WHERE attrelid = c.oid AND attnum > 0) AS columns
             FROM pg_class c WHERE c.relnamespace = 'shop'::regnamespace ORDER BY c.relname`,
        )
      ).rows;
    const rights = async () =>
      (await owner.query(`SELECT nspacl::text FROM pg_namespace WHERE nspname = 'shop'`)).rows;
    const before = [await described(), await rights()];
    await new Rebuild(shop.side()).run();
    expect([await described(), await rights()]).toEqual(before);
  });

  it('goes on under appends and questions: no question fails, none is answered with less than before', async () => {
    await shop.fill(1, 200);
    await shop.follow();
    await shop.followed();
    const reader = new pg.Pool({ connectionString: shop.access.runtime, max: 4 });
    const wrong: unknown[] = [];
    let asked = 0;
    let over = false;
    let latest = 0;
    const text = overTables('SELECT count(*)::int AS count, sum(total)::int AS sum FROM tab', {
      schema: 'shop',
      tables: [tabTable],
    });
    const ask = async () => {
      // Each session prepares the statement once and has it planned before the swap.
      while (!over) {
        const atLeast = latest;
        try {
          const { rows } = await reader.query<{ count: number; sum: number }>({ name: 'sum', text });
          asked += 1;
          if (rows[0]!.sum < atLeast) wrong.push(['went back', rows[0]!.sum, atLeast]);
          latest = Math.max(latest, rows[0]!.sum);
        } catch (error) {
          wrong.push(error);
        }
      }
    };
    const write = async () => {
      for (let n = 1_000; !over; n += 1) {
        await shop.append(Opened({ tab: tabId(n), note: null }));
        await shop.append(Added({ tab: tabId(n), amount: 2 }));
      }
    };
    const busy = [ask(), ask(), ask(), write(), write()];
    try {
      for (const code of ['one', 'two', 'three']) {
        const { heldMs, comparison } = await new Rebuild(shop.side({ code })).run();
        expect(comparison?.differences).toBe(0);
        expect(heldMs).toBeLessThan(1_000);
        const before = asked;
        await eventually(() => expect(asked).toBeGreaterThan(before + 20));
      }
      await rollBack(shop.side());
    } finally {
      over = true;
      await Promise.all(busy);
      await reader.end();
    }
    await shop.followed();
    expect(wrong).toEqual([]);
    expect(shop.failures).toEqual([]);
    await expectFoldOfLog();
    expect(await states()).toEqual([
      [1, 'shop_g1', 'kept'],
      [2, 'shop_g2', 'kept'],
      [3, 'shop', 'live'],
      [4, 'shop_g4', 'kept'],
    ]);
  });

  it('is refused while another one is under way, and says so', async () => {
    await shop.fill(1, 10);
    let second: Promise<unknown> | undefined;
    const first = new Rebuild(shop.side(), {
      onStep: (step) => {
        if (step === 'read') second = new Rebuild(shop.side()).run().catch((error: unknown) => error);
      },
    }).run();
    await first;
    expect(String(await second)).toMatch(
      /a rebuild, a swap or a drift check of shop is under way since .*session \d+/,
    );
    expect(await states()).toEqual([
      [1, 'shop_g1', 'kept'],
      [2, 'shop', 'live'],
    ]);
  });
});

it('live rows that lie far behind are neither waited for nor compared with', async () => {
  const log = delivered(
    Array.from({ length: 10_001 }, (_, n) => [n, Opened({ tab: tabId(n), note: null })] as const),
  );
  const logs = {
    shop: {
      head: async () => log.length,
      read: async (from: number, limit: number) => log.slice(from, from + limit),
    },
  };
  const { comparison, generation } = await new Rebuild(shop.side({ logs })).run();
  expect(comparison).toBeUndefined();
  expect(generation).toMatchObject({ rows: 20_002, differences: null, positions: { shop: 10_001 } });
});

/** A log whose reading ends the session that holds the lock, as a killed process would. */
const deadlyLog = (after: number) => ({
  head: () => shop.store.head(),
  read: async (from: number, limit: number): Promise<StoredEvent[]> => {
    if (from >= after) {
      // Read ahead: what came before is still being written.
      await eventually(async () => {
        const { rows } = await owner.query('SELECT max(position)::int AS reached FROM shop_next.checkpoint');
        expect(rows).toEqual([{ reached: after }]);
      });
      await owner.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
          WHERE application_name = 'loa-generations' AND datname = current_database()`,
      );
      throw new Error('killed');
    }
    return shop.store.read(from, Math.min(limit, after - from));
  },
});

/** The server may take a moment to see that a session has ended. */
const sessionsEnded = () =>
  eventually(async () => {
    const { rows } = await owner.query(
      `SELECT 1 FROM pg_stat_activity WHERE application_name = 'loa-generations' AND datname = current_database()`,
    );
    expect(rows).toEqual([]);
  });

describe('a rebuild that was killed', () => {
  const interrupted = async (code = 'one') => {
    await shop.fill(1, 40);
    await shop.follow();
    await shop.followed();
    await expect(new Rebuild(shop.side({ code, logs: { shop: deadlyLog(50) } })).run()).rejects.toThrow();
    await sessionsEnded();
    expect((await states()).at(-1)).toEqual([2, 'shop_next', 'building']);
  };

  it('is gone on with where it stopped', async () => {
    await interrupted();
    const steps: unknown[] = [];
    const { continued } = await new Rebuild(shop.side(), { onStep: (...step) => steps.push(step) }).run();
    expect(continued).toBe(true);
    expect(steps[0]).toEqual(['continue', '{"shop":50}']);
    await expectFoldOfLog();
    expect(await states()).toEqual([
      [1, 'shop_g1', 'kept'],
      [2, 'shop', 'live'],
    ]);
  });

  it('is begun anew when the code is another one, when it is asked to, or when the tables have changed', async () => {
    await interrupted();
    const begun = async (code: string, startOver: boolean) => {
      const steps: unknown[] = [];
      const side = shop.side({ code, logs: { shop: deadlyLog(60) } });
      await expect(
        new Rebuild(side, { onStep: (...step) => steps.push(step) }).run({ startOver }),
      ).rejects.toThrow();
      await sessionsEnded();
      return steps[0];
    };
    expect(await begun('two', false)).toEqual(['start-over', 'it was begun with the code one']);
    expect(await begun('two', true)).toEqual(['start-over', 'as asked']);
    await owner.query('ALTER TABLE shop.tab ADD COLUMN colour text');
    expect(await begun('two', false)).toEqual(['start-over', 'the tables have changed: - tab.colour text']);
    await new Rebuild(shop.side({ code: 'two' })).run();
    expect(await states()).toEqual([
      [1, 'shop_g1', 'kept'],
      [2, 'shop', 'live'],
    ]);
  });
});

describe('a swap is refused, and nothing is changed,', () => {
  it('over a hole in the log', async () => {
    await shop.fill(1, 10);
    const logs = {
      shop: {
        head: () => shop.store.head(),
        read: async (from: number, limit: number) =>
          (await shop.store.read(from, limit)).filter(({ position }) => position !== 8),
      },
    };
    const before = await shop.rows('shop');
    const rebuild = () => new Rebuild(shop.side({ logs })).run({ force: true, patienceMs: 0 });
    await expect(rebuild()).rejects.toThrow(HoleInLog);
    await expect(rebuild()).rejects.toThrow('no event at position 8, the next one is at 9');
    expect(await shop.rows('shop')).toEqual(before);
  });

  it('when events are parked that the live rows contain, unless it is forced', async () => {
    await shop.fill(1, 10);
    await shop.follow();
    await shop.followed();
    const [type, refusing] = when(Added, ({ amount }) => {
      if (amount > 9) throw new Error('too much');
      return [];
    });
    const strict = { ...tabs, handlers: new Map([...tabs.handlers, [type.type, refusing] as const]) };
    const side = shop.side({ projections: [strict], code: 'strict' });
    await expect(new Rebuild(side).run()).rejects.toThrow(
      /3 event\(s\) were parked.*shop 29.*too much.*Nothing was swapped/,
    );
    expect((await states())[0]).toEqual([1, 'shop', 'live']);
    await expectFoldOfLog();
    await new Rebuild(side).run({ force: true });
    expect((await states())[1]).toEqual([2, 'shop', 'live']);
  });

  it('when a migration has changed the live tables meanwhile', async () => {
    await shop.fill(1, 10);
    let altered: Promise<unknown> = Promise.resolve();
    const side = shop.side();
    const read = async (after: number, limit: number) => {
      await altered;
      return shop.store.read(after, limit);
    };
    const rebuild = new Rebuild(
      { ...side, logs: { shop: { head: () => shop.store.head(), read } } },
      {
        onStep: (step) => {
          // The catch-up reads the log, and so does not go on before the table is another one.
          if (step === 'catch-up') altered = owner.query('ALTER TABLE shop.tab ADD COLUMN colour text');
        },
      },
    );
    const outcome = rebuild.run({ patienceMs: 0 });
    await expect(outcome).rejects.toThrow('the tables of shop_next are not those of shop: - tab.colour text');
    expect((await states())[0]).toEqual([1, 'shop', 'live']);
  });

  it('to an earlier generation that has other tables, or that is not there', async () => {
    await shop.fill(1, 10);
    await expect(rollBack(shop.side())).rejects.toThrow('no earlier generation is kept');
    await new Rebuild(shop.side()).run();
    await expect(rollBack(shop.side(), { number: 7 })).rejects.toThrow(
      'generation 7 is not kept; kept are: 1',
    );
    await owner.query('ALTER TABLE shop.tab ADD COLUMN colour text');
    await expect(rollBack(shop.side())).rejects.toThrow('A migration has changed the tables since');
  });

  it('when the reader is handed more partitions than was said', async () => {
    await shop.fill(1, 10);
    const [first] = await shop.store.read(0, 1);
    await shop.projector.handle({
      source: 'shop',
      partition: 3,
      events: [{ ...first!, previous: 0, offset: 0 }],
    });
    await expect(new Rebuild(shop.side()).run()).rejects.toThrow('tabs reads shop in more than 1 partition');
  });
});

const waitingForAdvisoryLock = `SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;

describe('a swap', () => {
  it('waits for the end of a migration that is under way', async () => {
    await shop.fill(1, 10);
    const migration = await owner.connect();
    await migration.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    let caughtUp = false;
    const rebuild = new Rebuild(shop.side(), { onStep: (step) => (caughtUp ||= step === 'catch-up') });
    const outcome = rebuild.run({ patienceMs: 0 });
    await eventually(() => expect(caughtUp).toBe(true));
    await eventually(async () => expect((await owner.query(waitingForAdvisoryLock)).rows).toHaveLength(1));
    expect((await states())[0]).toEqual([1, 'shop', 'live']);
    await migration.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK]);
    migration.release();
    await outcome;
    expect((await states())[1]).toEqual([2, 'shop', 'live']);
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
        const { rows } = await owner.query(
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
    await expectFoldOfLog();
  });

  it('takes along what operators have decided about events', async () => {
    await shop.fill(1, 3);
    const [, , third] = await shop.store.read(0, 3);
    await owner.query(
      `INSERT INTO shop.dropped (reader, source, position, partition, stream_id, version, event_id, type, schema_version,
         data, meta, recorded_at, attempts, reason, dropped_by)
       VALUES ('tabs', 'shop', 3, 0, $1, 1, $2, 'shop.Opened', 1, '{}', '{}', now(), 3, 'by mistake', 'me')`,
      [third!.streamId, third!.eventId],
    );
    await shop.follow();
    await shop.followed();
    await new Rebuild(shop.side()).run({ force: true });
    const { rows } = await owner.query('SELECT position, reason FROM shop.dropped');
    expect(rows).toEqual([{ position: '3', reason: 'by mistake' }]);
    expect(await shop.rows('shop')).toMatchObject({ tab: { length: 2 } });
  });
});

describe('a roll back', () => {
  it('brings the earlier rows up to date first; the projector goes on, also when nothing more happens', async () => {
    await shop.fill(1, 20);
    await shop.follow();
    await shop.followed();
    await new Rebuild(shop.side()).run();
    await shop.fill(100, 20);
    await shop.followed();
    await rollBack(shop.side());
    await expectFoldOfLog();
    await shop.fill(200, 20);
    await shop.followed();
    await expectFoldOfLog();
    expect(shop.failures).toEqual([]);
    expect(await states()).toEqual([
      [1, 'shop', 'live'],
      [2, 'shop_g2', 'kept'],
    ]);
  });

  it('can be taken back, and what is kept can be discarded', async () => {
    await shop.fill(1, 5);
    await new Rebuild(shop.side()).run();
    await rollBack(shop.side());
    await rollBack(shop.side());
    await expectFoldOfLog();
    await expect(discardGeneration(shop.side(), 2)).rejects.toThrow(
      'generation 2 is live: nothing to discard',
    );
    await discardGeneration(shop.side(), 1);
    expect(await states()).toEqual([
      [1, 'shop_g1', 'discarded'],
      [2, 'shop', 'live'],
    ]);
    const { rows } = await owner.query(`SELECT 1 FROM pg_namespace WHERE nspname = 'shop_g1'`);
    expect(rows).toEqual([]);
  });
});

it('a log recorded at known instants gives the same history', async () => {
  await shop.fill(1, 5);
  await shop.follow();
  await shop.followed();
  const instant = (
    await owner.query<{ at: string }>(`SELECT max(recorded_from)::text AS at FROM shop.tab_history`)
  ).rows[0]!.at;
  const asOf = overTables('SELECT tab, total FROM tab ORDER BY tab', {
    schema: 'shop',
    tables: [tabTable],
    asOf: '$1',
  });
  const before = (await shop.pool.query(asOf, [instant])).rows;
  await new Rebuild(shop.side()).run();
  expect((await shop.pool.query(asOf, [instant])).rows).toEqual(before);
  expect((await shop.pool.query(asOf, [second(0)])).rows).toEqual([]);
});
