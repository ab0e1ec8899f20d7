import { partitionOf } from '@loa/transport';
import { id } from '../events.fixtures.js';
import { QueryGateway } from '../gateway.fixtures.js';
import { ReadDatabase, READER } from '../read-database.table.js';
import { CheckpointWatch } from './checkpoint-watch.store.js';

let gateway: QueryGateway;
beforeAll(async () => {
  gateway = await QueryGateway.start();
});
afterAll(() => gateway.close());

describe('the watch over the checkpoints', () => {
  class Counted extends ReadDatabase {
    looks = 0;
    override one<T>(...question: Parameters<ReadDatabase['one']>): Promise<T | null> {
      this.looks += 1;
      return super.one<T>(...question);
    }
  }
  const options = { reader: READER, patienceMs: 2_000 };

  it('looks once for all who wait, and not at all when nobody does', async () => {
    const database = new Counted(gateway.pool);
    const watch = new CheckpointWatch(database, { ...options, partitions: 1, patienceMs: 400 });
    const wanted = { context: 'planning', position: 1_000_000, streamId: id(1) };
    const arrivals = await Promise.all(Array.from({ length: 100 }, () => watch.arrival(wanted)));
    expect(new Set(arrivals)).toEqual(new Set(['late']));
    expect(database.looks).toBeGreaterThan(1);
    // Every 20 ms or more for 400 ms.
    expect(database.looks).toBeLessThanOrEqual(21);
    const { looks } = database;
    // While another watch looks again and again, at the same pace.
    const other = new Counted(gateway.pool);
    await new CheckpointWatch(other, { ...options, partitions: 1, patienceMs: 400 }).arrival(wanted);
    expect(other.looks).toBeGreaterThan(1);
    expect(database.looks).toBe(looks);
  });

  it('looks at the partition of the stream: others may be far ahead', async () => {
    const watch = new CheckpointWatch(new ReadDatabase(gateway.questions), {
      ...options,
      reader: 'partitioned',
      partitions: 12,
      patienceMs: 100,
    });
    const streamId = id(77);
    const mine = partitionOf(streamId, 12);
    const stand = (positions: Record<number, number>) =>
      gateway.pool.query(
        `INSERT INTO read.checkpoint (reader, source, partition, position, "offset")
         SELECT 'partitioned', 'reporting', key::int, value::bigint, 0 FROM json_each_text($1)
         ON CONFLICT (reader, source, partition) DO UPDATE SET position = excluded.position`,
        [JSON.stringify(positions)],
      );
    const wanted = { context: 'reporting', position: 50, streamId };
    await stand(Object.fromEntries(Array.from({ length: 12 }, (_, n) => [n, n === mine ? 49 : 900])));
    expect(await watch.arrival(wanted)).toBe('late');
    await stand({ [mine]: 50 });
    expect(await watch.arrival(wanted)).toBe('shown');
  });

  it('lets no more wait than may; whoever comes then is told at once that it is late', async () => {
    let reached = 0;
    const database = new (class extends ReadDatabase {
      override one<T>(): Promise<T | null> {
        const nothing = { parked: {}, dropped: [], passedOver: [] };
        return Promise.resolve({ reached: { 'planning/0': reached }, ...nothing } as T);
      }
    })(gateway.questions);
    // Nobody's patience ends in this test.
    const patient = { ...options, partitions: 1, patienceMs: 600_000, mostWaiting: 3 };
    const watch = new CheckpointWatch(database, patient);
    const wanted = { context: 'planning', position: 7, streamId: id(1) };
    const ask = (count: number) => Array.from({ length: count }, () => watch.arrival(wanted));
    const answers = Promise.all(ask(5));
    reached = 7;
    expect(await answers).toEqual(['shown', 'shown', 'shown', 'late', 'late']);
    expect(await Promise.all(ask(3))).toEqual(['shown', 'shown', 'shown']);
  });

  it('waits no longer than it was told when the database does not answer', async () => {
    const database = new (class extends ReadDatabase {
      override one<T>(): Promise<T | null> {
        return new Promise(() => undefined);
      }
    })(gateway.questions);
    const watch = new CheckpointWatch(database, { ...options, partitions: 1, patienceMs: 100 });
    expect(await watch.arrival({ context: 'planning', position: 1, streamId: id(1) })).toBe('late');
  });
});
