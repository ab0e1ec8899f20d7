import { setTimeout as later } from 'node:timers/promises';
import pg from 'pg';
import { ParkedEvents } from './parked-events.js';
import type { Projection } from './projection.js';
import { Added, delivered, emptyTabs, freshTabs, Opened, tabId, tabs } from './projector.fixtures.js';
import type { ProjectorNotice } from './notice.js';
import { Projector, type ProjectorOptions } from './projector.js';

const [one, two] = [tabId(1), tabId(2)];

/** Two tabs, turn by turn. */
export const parkingLog = delivered([
  [1, Opened({ tab: one, note: null })],
  [1, Opened({ tab: two, note: null })],
  [2, Added({ tab: one, amount: 1 })],
  [3, Added({ tab: two, amount: 10 })],
  [4, Added({ tab: one, amount: 2 })],
  [5, Added({ tab: two, amount: 20 })],
  [6, Added({ tab: one, amount: 4 })],
]);

type Mood = (position: number) => void;

/** Fails at these positions for as long as it is not mended. */
export const failsAt =
  (...positions: number[]): Mood =>
  (position) => {
    if (positions.includes(position)) throw new TypeError('no such shelf');
  };

/** Asks, and lets the projector carry it out meanwhile. */
export async function carriedOut<T>(projector: Projector, asking: Promise<T>): Promise<T> {
  let done = false;
  const answer = asking.finally(() => (done = true));
  while (!done) {
    await projector.parkedWork.carryOut();
    await later(5);
  }
  return answer;
}

/** A shop whose projection fails when it is in the mood to, and what operators see of that. */
export class ParkingShop {
  readonly parked: ParkedEvents;
  /** What its projectors have told since the last reset. */
  notices: ProjectorNotice[] = [];
  /** What the projection thinks of an event; throws when it does not like it. */
  mood: Mood = failsAt();

  private constructor(
    /** The connection string of the owner of the tables. */
    readonly owner: string,
    readonly pool: pg.Pool,
  ) {
    this.parked = new ParkedEvents(pool, { name: 'tabs', schema: 'shop' });
  }

  static async open(): Promise<ParkingShop> {
    const { owner, pool } = await freshTabs('parking');
    return new ParkingShop(owner, pool);
  }

  projector(more: Partial<ProjectorOptions> = {}): Projector {
    const handlers = [...tabs.handlers].map(
      ([type, handler]) =>
        [
          type,
          (data: never, event: Parameters<typeof handler>[1]) => {
            this.mood(event.position);
            return handler(data, event);
          },
        ] as const,
    );
    const moody: Projection = { ...tabs, handlers: new Map(handlers) };
    return new Projector(this.pool, {
      name: 'tabs',
      sources: ['shop'],
      projections: [moody],
      schema: 'shop',
      onNotice: (notice) => this.notices.push(notice),
      ...more,
    });
  }

  /** Nothing was read yet, and nothing fails. */
  async reset(): Promise<void> {
    this.mood = failsAt();
    this.notices = [];
    await emptyTabs(this.pool);
  }

  /** By the number of the tab. */
  async totals(): Promise<Record<number, number>> {
    const { rows } = await this.pool.query<{ tab: string; total: number }>('SELECT tab, total FROM shop.tab');
    return Object.fromEntries(rows.map(({ tab, total }) => [Number(tab.slice(-12)), total]));
  }

  async aside() {
    return (await this.parked.list(1_000)).map(({ position, why, error, attempts }) => ({
      position,
      why,
      error,
      attempts,
    }));
  }

  async everything() {
    return {
      rows: (await this.pool.query('SELECT * FROM shop.tab ORDER BY tab')).rows,
      history: (await this.pool.query('SELECT * FROM shop.tab_history ORDER BY tab, recorded_from')).rows,
    };
  }

  async asOwner(sql: string): Promise<void> {
    const client = new pg.Client({ connectionString: this.owner });
    await client.connect();
    try {
      await client.query(sql);
    } finally {
      await client.end();
    }
  }

  close(): Promise<void> {
    return this.pool.end();
  }
}
