import { openPool, type DatabaseAccess } from '@loa/database';
import { EventStore, eventStoreMigrations, wholeLog } from '@loa/event-store';
import { eventually, freshDatabase } from '@loa/testing';
import { EVENT_PARTITIONS, LogTransport, partitionOf } from '@loa/transport';
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import type { ReadSide } from './generation.js';
import { countLeftOut, createGenerations } from './generation.migration.js';
import { GenerationRegistry, type GenerationState } from './generation-registry.js';
import { when, type Projection } from './projection.js';
import { Added, Closed, Opened, tabId, tabs, Tabs1700000000000, tabTypes } from './projector.fixtures.js';
import { Projector } from './projector.js';

export class Records1700000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE SCHEMA operations');
    await createGenerations(runner, 'operations');
    await countLeftOut(runner, 'operations');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP SCHEMA operations CASCADE');
  }
}

type Fact = ReturnType<typeof Opened | typeof Added | typeof Closed>;

/** Cannot apply these amounts. */
export function refusing(...amounts: number[]): Projection {
  const [, apply] = [...tabs.handlers].find(([type]) => type === Added.type)!;
  const [type, handler] = when(Added, (data, event) => {
    if (amounts.includes(data.amount)) throw new TypeError('too much');
    return apply(data as never, event);
  });
  return { ...tabs, handlers: new Map([...tabs.handlers, [type.type, handler] as const]) };
}

/** A shop with a real log, read tables, and a projector that tails the log. */
export class Shop {
  /** What the transport of the live projector has reported. */
  readonly failures: unknown[] = [];
  private transport: LogTransport | undefined;

  private constructor(
    readonly access: DatabaseAccess,
    readonly pool: pg.Pool,
    readonly store: EventStore,
    readonly projector: Projector,
    /** Sessions of whoever may change the tables. */
    readonly owner: pg.Pool,
  ) {}

  static async open(): Promise<Shop> {
    const access = await freshDatabase('shop', {
      migrations: [...eventStoreMigrations, Tabs1700000000000, Records1700000000001],
    });
    const pool = openPool({ connectionString: access.runtime, applicationName: 'shop' });
    const store = new EventStore(openPool({ connectionString: access.runtime, applicationName: 'shop-log' }));
    const projector = new Projector(pool, {
      name: 'tabs',
      sources: ['shop'],
      projections: [tabs],
      schema: 'shop',
    });
    const owner = new pg.Pool({ connectionString: access.owner, max: 2 });
    return new Shop(access, pool, store, projector, owner);
  }

  side(changes: Partial<ReadSide> = {}): ReadSide {
    return {
      owner: this.access.owner,
      schema: 'shop',
      registry: 'operations',
      reader: 'tabs',
      projections: [tabs],
      knownTypes: tabTypes,
      logs: { shop: this.store },
      partitions: 1,
      code: 'one',
      ...changes,
    };
  }

  append(...facts: Fact[]): Promise<unknown> {
    const streamId = facts[0]!.data.tab;
    const events = facts.map(({ type, schemaVersion, data }) => ({
      eventId: randomUUID(),
      type,
      schemaVersion,
      data: JSON.stringify(data),
      meta: '{}',
    }));
    return this.store.append({ streamId, expected: 'any', events });
  }

  /** So many tabs, opened and added to; every tenth is closed. */
  async fill(from: number, count: number): Promise<void> {
    const numbers = Array.from({ length: count }, (_, n) => from + n);
    await Promise.all(
      numbers.map((n) => this.append(Opened({ tab: tabId(n), note: n % 3 === 0 ? null : `Bàn ${n}` }))),
    );
    await Promise.all(
      numbers.map((n) =>
        this.append(Added({ tab: tabId(n), amount: n }), Added({ tab: tabId(n), amount: 1 })),
      ),
    );
    await Promise.all(numbers.filter((n) => n % 10 === 0).map((n) => this.append(Closed({ tab: tabId(n) }))));
  }

  /** Lets the live projector tail the log. */
  async follow(): Promise<void> {
    this.transport = new LogTransport({ shop: this.store }, (error) => this.failures.push(error));
    await this.transport.subscribe(this.projector);
  }

  /**
   * Hands the live projector what Kafka would: every stream in the partition that it hashes to.
   * @param of the partitions that are read so far
   * @param from offsets to begin at, by partition; what was handed over before comes again then
   */
  async carry(
    of: readonly number[],
    from: (partition: number) => number = () => 0,
    projector = this.projector,
  ): Promise<void> {
    const log = await wholeLog(this.store);
    for (const partition of of) {
      const records = log
        .filter(({ streamId }) => partitionOf(streamId, EVENT_PARTITIONS) === partition)
        .map((event, offset, all) => ({ ...event, offset, previous: all[offset - 1]?.position ?? 0 }))
        .slice(from(partition));
      if (records.length > 0) await projector.handle({ source: 'shop', partition, events: records });
    }
  }

  /** Until the live rows have all of the log. */
  async followed(): Promise<void> {
    await eventually(async () => {
      const [at] = await this.projector.checkpoints();
      if ((at?.position ?? 0) < (await this.store.head())) throw new Error('the live rows lag behind');
    });
  }

  /** Read tables of a schema, as text. */
  async rows(schema: string): Promise<unknown> {
    const list = async (table: string, where = 'true') =>
      (await this.pool.query(`SELECT t.* FROM ${schema}.${table} t WHERE ${where} ORDER BY 1, t::text`)).rows;
    return { tab: await list('tab'), history: await list('tab_history', 'recorded_from < recorded_to') };
  }

  /** Of every generation: its number, its schema and its state. */
  async states(): Promise<[number: number, schema: string, state: GenerationState][]> {
    const list = await new GenerationRegistry(this.side()).list(this.owner);
    return list.map(({ number, schemaName, state }) => [number, schemaName, state]);
  }

  /**
   * The rows that the facts of the log give, without those that were dropped, made in another way than by a rebuild: a
   * few events at a time into a fresh schema.
   */
  async expectFoldOfLog(): Promise<void> {
    const { owner } = this;
    await owner.query(`DROP SCHEMA IF EXISTS fold CASCADE; CREATE SCHEMA fold`);
    for (const table of ['tab', 'tab_history', 'checkpoint', 'parked', 'dropped', 'parked_request']) {
      await owner.query(`CREATE TABLE fold.${table} (LIKE shop.${table} INCLUDING ALL)`);
    }
    await owner.query(`INSERT INTO fold.dropped SELECT * FROM shop.dropped`);
    const options = { name: 'tabs', sources: ['shop'], projections: [tabs], schema: 'fold' };
    const fold = new Projector(owner, options);
    const log = await wholeLog(this.store);
    for (let at = 0; at < log.length; at += 37) {
      const events = log
        .slice(at, at + 37)
        .map((event) => ({ ...event, previous: event.position - 1, offset: event.position }));
      await fold.handle({ source: 'shop', partition: 0, events });
    }
    await owner.query(
      `GRANT USAGE ON SCHEMA fold TO PUBLIC; GRANT SELECT ON ALL TABLES IN SCHEMA fold TO PUBLIC`,
    );
    expect(await this.rows('shop')).toEqual(await this.rows('fold'));
  }

  async stop(): Promise<void> {
    await this.transport?.close();
    this.transport = undefined;
  }

  async close(): Promise<void> {
    await this.stop();
    await Promise.all([this.pool.end(), this.store.close(), this.owner.end()]);
  }
}
