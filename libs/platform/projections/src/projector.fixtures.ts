import { openPool, runtimeRole, type DatabaseAccess } from '@loa/database';
import { language } from '@loa/event-sourcing';
import { freshDatabase } from '@loa/testing';
import type { DeliveredBatch, DeliveredEvent } from '@loa/transport';
import type pg from 'pg';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { z } from 'zod';
import { createCheckpoints } from './checkpoint.migration.js';
import { createParking } from './parking.migration.js';
import { change, projection, put, remove, when } from './projection.js';
import { Projector } from './projector.js';
import { entitiesOf } from './table-sql.js';
import { readTable } from './table.js';
import { createUnknownTypes } from './unknown-types.migration.js';

const { event } = language('shop', {});
export const Opened = event(
  'Opened',
  1,
  'A tab was opened.',
  z.object({ tab: z.uuid(), note: z.string().nullable() }),
);
export const Added = event(
  'Added',
  1,
  'Something went on the tab.',
  z.object({ tab: z.uuid(), amount: z.int() }),
);
export const Closed = event('Closed', 1, 'The tab was paid.', z.object({ tab: z.uuid() }));

/** Every wire type that a contract declares. */
export const tabTypes: ReadonlySet<string> = new Set([Opened, Added, Closed].map(({ type }) => type));

export const tabTable = readTable('tab', {
  key: ['tab'],
  columns: { tab: 'uuid', total: 'int', amounts: 'jsonb', note: 'text?', opened_at: 'timestamptz' },
  indexes: [['opened_at', 'tab']],
  historyIndexes: [['opened_at']],
});

export const tabs = projection(
  'tabs',
  [tabTable],
  [
    when(Opened, ({ tab, note }, { occurredAt }) => [
      put(tabTable, { tab, total: 0, amounts: [], note, opened_at: occurredAt }),
    ]),
    when(Added, ({ tab, amount }) => [
      change(tabTable, { tab }, ({ total, amounts }) => ({
        total: total + amount,
        amounts: [...(amounts as number[]), amount],
      })),
    ]),
    when(Closed, ({ tab }) => [remove(tabTable, { tab })]),
  ],
);

/** Schema `shop`: one read table, as a context would write its migration. */
export class Tabs1700000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE SCHEMA shop;
      CREATE TABLE shop.tab (
        tab uuid PRIMARY KEY, total int NOT NULL, amounts jsonb NOT NULL, note text, opened_at timestamptz NOT NULL);
      CREATE INDEX tab_opened_at_tab ON shop.tab (opened_at, tab);
      CREATE TABLE shop.tab_history (
        LIKE shop.tab, recorded_from timestamptz NOT NULL, recorded_to timestamptz NOT NULL,
        PRIMARY KEY (tab, recorded_from));
      CREATE INDEX tab_history_opened_at ON shop.tab_history (opened_at)`);
    await createCheckpoints(runner, 'shop');
    await createParking(runner, 'shop');
    await createUnknownTypes(runner, 'shop');
    const role = await runtimeRole(runner);
    await runner.query(`GRANT USAGE ON SCHEMA shop TO ${role}`);
    await runner.query(
      `GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE ON ALL TABLES IN SCHEMA shop TO ${role}`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP SCHEMA shop CASCADE');
  }
}

type Fact = ReturnType<typeof Opened | typeof Added | typeof Closed>;

export const tabId = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
/** The n-th second of the day. */
export const second = (n: number): string => new Date(Date.UTC(2022, 3, 18, 0, 0, n)).toISOString();

/** A log of facts as a carrier hands it over; each recorded at the second that goes with it. */
export function delivered(facts: readonly (readonly [at: number, fact: Fact])[]): DeliveredEvent[] {
  const versions = new Map<string, number>();
  return facts.map(([at, { type, schemaVersion, data }], index) => {
    const version = (versions.get(data.tab) ?? 0) + 1;
    versions.set(data.tab, version);
    return {
      position: index + 1,
      previous: index,
      offset: index + 1,
      streamId: data.tab,
      version,
      eventId: tabId(index + 1_000),
      type,
      schemaVersion,
      data: JSON.stringify(data),
      meta: JSON.stringify({ at: second(at) }),
      recordedAt: second(at),
    };
  });
}

export const batch = (events: readonly DeliveredEvent[]): DeliveredBatch => ({
  source: 'shop',
  partition: 0,
  events,
});

export const tabSchema = { migrations: [Tabs1700000000000], tables: entitiesOf('shop', tabTable) };

/** The read tables in a database of their own, empty. */
export async function freshTabs(name: string): Promise<DatabaseAccess & { readonly pool: pg.Pool }> {
  const access = await freshDatabase(name, tabSchema);
  return { ...access, pool: openPool({ connectionString: access.runtime, applicationName: `${name}.spec` }) };
}

export const tabProjector = (pool: pg.Pool): Projector =>
  new Projector(pool, { name: 'tabs', sources: ['shop'], projections: [tabs], schema: 'shop' });

/** Nothing was read yet. */
export const emptyTabs = (pool: pg.Pool): Promise<unknown> =>
  pool.query(
    'TRUNCATE shop.tab, shop.tab_history, shop.checkpoint, shop.parked, shop.dropped, shop.parked_request, shop.unknown_type',
  );

/** One tab that grows, and one that is closed. */
export const tabLog = delivered([
  [1, Opened({ tab: tabId(1), note: 'Bàn 1' })],
  [2, Added({ tab: tabId(1), amount: 3 })],
  [2, Opened({ tab: tabId(2), note: null })],
  [4, Added({ tab: tabId(1), amount: 4 })],
  [5, Closed({ tab: tabId(2) })],
]);

/** What the rows of a schema lack because its type was not known, of all partitions together. */
export async function unknownTo(pool: pg.Pool, schema: string) {
  const { rows } = await pool.query<{
    source: string;
    type: string;
    first: number;
    last: number;
    events: number;
  }>(
    `SELECT source, type, min(first_position)::int AS first, max(last_position)::int AS last, sum(events)::int AS events
       FROM ${schema}.unknown_type WHERE reader = 'tabs' GROUP BY source, type ORDER BY source, type`,
  );
  return rows;
}
