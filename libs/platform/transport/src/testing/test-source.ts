import { openPool, type DatabaseAccess, type Schema } from '@loa/database';
import { EventStore, eventStoreMigrations, type NewEvent } from '@loa/event-store';
import { freshDatabase } from '@loa/testing';
import { randomBytes, randomUUID } from 'node:crypto';
import pg from 'pg';
import { RelayLeadership1700000008000 } from '../relay-leadership.migration.js';

/** The schema of a log that is published. */
export const sourceMigrations: Schema['migrations'] = [...eventStoreMigrations, RelayLeadership1700000008000];

/** A log of its own in a database of its own, and the name of the topic it would be published to. */
export class TestSource {
  readonly topic: string;
  readonly store: EventStore;

  private constructor(
    readonly name: string,
    readonly access: DatabaseAccess,
  ) {
    this.topic = `loa.test-${name}-${randomBytes(4).toString('hex')}.events`;
    this.store = new EventStore(
      openPool({ connectionString: access.runtime, applicationName: 'conformance' }),
    );
  }

  static async open(name: string): Promise<TestSource> {
    return TestSource.in(name, await freshDatabase('conformance', { migrations: sourceMigrations }));
  }

  static in(name: string, access: DatabaseAccess): TestSource {
    return new TestSource(name, access);
  }

  /** Appends `count` events, spread over some new streams, many appends under way at once. */
  async append(count: number, { streams = 10 }: { streams?: number } = {}): Promise<void> {
    const ids = Array.from({ length: streams }, () => randomUUID());
    const appends = Array.from({ length: count }, (_, n) =>
      this.store.append({ streamId: ids[n % streams]!, expected: 'any', events: [event(n)] }),
    );
    await Promise.all(appends);
  }

  /** Five events an append: for long logs. */
  async appendMany(count: number): Promise<void> {
    const perAppend = 5;
    for (let done = 0; done < count; done += perAppend * 500) {
      const size = Math.min(500, (count - done) / perAppend);
      await Promise.all(
        Array.from({ length: size }, () =>
          this.store.append({
            streamId: randomUUID(),
            expected: 0,
            events: Array.from({ length: perAppend }, (_, n) => event(n)),
          }),
        ),
      );
    }
  }

  /** One statement as the owner of the tables. */
  async asOwner<T extends pg.QueryResultRow>(text: string, values: unknown[] = []): Promise<T[]> {
    const client = new pg.Client({ connectionString: this.access.owner });
    await client.connect();
    try {
      return (await client.query<T>(text, values)).rows;
    } finally {
      await client.end();
    }
  }

  async close(): Promise<void> {
    await this.store.close();
  }
}

const event = (n: number): NewEvent => ({
  eventId: randomUUID(),
  type: 'test.Counted',
  schemaVersion: 1,
  // A number that a parser would change, letters that need care, and spaces that only the stored bytes have.
  data: `{ "n": ${n},  "exact": 1.10, "name": "Bắc Kạn" }`,
  meta: `{"key":"${n}"}`,
});
