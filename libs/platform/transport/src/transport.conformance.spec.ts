import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { eventually, freshDatabase } from '@loa/testing';
import type pg from 'pg';
import type { Subscription } from './event-transport.js';
import { KafkaTransport } from './kafka-transport.js';
import { kafkaCarrier, logCarrier, type Carriage, type Carrier } from './testing/carriers.js';
import { describeWithKafka } from './testing/kafka-suite.js';
import { ReaderTables1700000000001, RowReader, openReaderPool } from './testing/row-reader.js';
import { TestSource } from './testing/test-source.js';

jest.setTimeout(40_000);
const within = 30_000;

describe('events over the log', () => keepsItsPromises(logCarrier));
describeWithKafka('events over Kafka', (brokers) => keepsItsPromises(kafkaCarrier(brokers)));

function keepsItsPromises(carrier: Carrier): void {
  let planning: TestSource;
  let reporting: TestSource;
  let carriage: Carriage;
  let pool: pg.Pool;
  let readers = 0;
  const open: Subscription[] = [];

  const newReader = (...sources: TestSource[]) =>
    new RowReader(
      pool,
      `${carrier.name}-reader-${++readers}-${planning.topic}`,
      sources.map(({ name }) => name),
    );
  const subscribe = async (reader: RowReader) => {
    const subscription = await carriage.transport.subscribe(reader);
    open.push(subscription);
    return subscription;
  };
  /** Events taken from the topics so far, also those that were dropped as repeats. */
  const readFromKafka = () => {
    if (!(carriage.transport instanceof KafkaTransport)) return 0;
    const { delivered, repeats } = carriage.transport.counters;
    return delivered + repeats;
  };
  const caughtUp = (reader: RowReader, source: TestSource) =>
    eventually(async () => expect(await reader.count(source.name)).toBe(await source.store.head()), {
      within,
    });

  beforeAll(async () => {
    const access = await freshDatabase('reader', { migrations: [ReaderTables1700000000001] });
    pool = openReaderPool(access.runtime);
    [planning, reporting] = await Promise.all([TestSource.open('planning'), TestSource.open('reporting')]);
    carriage = await carrier.open([planning, reporting]);
  });

  afterAll(async () => {
    await carriage.close();
    await Promise.all([planning.close(), reporting.close(), pool.end()]);
  });

  it('delivers every event once in effect, each stream in order and unbroken', async () => {
    const reader = newReader(planning);
    const subscription = await subscribe(reader);
    for (let round = 0; round < 5; round += 1) await planning.append(100);
    await caughtUp(reader, planning);
    expect(await reader.differences(planning)).toEqual([]);
    expect(subscription.healthy()).toBe(true);
    await subscription.close();
  });

  it('brings several sources to one reader', async () => {
    const reader = newReader(planning, reporting);
    const subscription = await subscribe(reader);
    await Promise.all([planning.append(150), reporting.append(150)]);
    await caughtUp(reader, planning);
    await caughtUp(reader, reporting);
    expect(await reader.differences(planning)).toEqual([]);
    expect(await reader.differences(reporting)).toEqual([]);
    await subscription.close();
  });

  it('says of every partition, also of an empty one, that there is nothing more; not while there is', async () => {
    const empty = await TestSource.open('quiet');
    const alone = await carrier.open([empty]);
    const reader = new RowReader(pool, `quiet-${empty.topic}`, [empty.name]);
    let stuck = true;
    reader.beforeCommit = () => {
      if (stuck) throw new Error('not this time');
    };
    try {
      await alone.transport.subscribe(reader);
      const all = Array.from({ length: carrier.partitions }, (_, partition) => `quiet/${partition}`);
      const caughtUp = () =>
        eventually(() => expect([...reader.caughtUpWith].sort()).toEqual(all), { within });
      await caughtUp();
      await empty.append(1);
      await eventually(() => expect(reader.delivered).toBeGreaterThan(2), { within });
      reader.caughtUpWith.clear();
      await eventually(() => expect(reader.delivered).toBeGreaterThan(4), { within });
      expect(reader.caughtUpWith.size).toBeLessThan(all.length);
      stuck = false;
      await caughtUp();
      expect(await reader.differences(empty)).toEqual([]);
    } finally {
      await alone.close();
      await empty.close();
    }
  });

  it('goes on from the checkpoint when a reader comes back', async () => {
    const first = newReader(planning);
    const before = await subscribe(first);
    await caughtUp(first, planning);
    await before.close();
    await planning.append(50);

    const read = readFromKafka();
    const second = new RowReader(pool, first.name, first.sources);
    const after = await subscribe(second);
    await caughtUp(second, planning);
    expect(second.delivered).toBe(50);
    // Of each partition the last record that was read comes once more.
    if (carrier.name === 'kafka') expect(readFromKafka() - read).toBeLessThanOrEqual(50 + carrier.partitions);
    expect(await second.differences(planning)).toEqual([]);
    await after.close();
  });

  it('hands in the same events again after a handler has thrown, and loses none that follow', async () => {
    const reader = newReader(planning);
    const tried: string[] = [];
    reader.beforeCommit = ({ partition, events }) => {
      const mine = `${partition}:${events[0]!.position}`;
      tried.push(mine);
      if (tried.filter((other) => other === mine).length <= 2) throw new Error('not this time');
    };
    const subscription = await subscribe(reader);
    await planning.append(60);
    await caughtUp(reader, planning);
    expect(tried.filter((mine) => mine === tried[0])).toHaveLength(3);
    expect(await reader.differences(planning)).toEqual([]);
    await subscription.close();
  });

  it('goes on when the reader could not say where it stands at first', async () => {
    const reader = newReader(reporting);
    const ask = reader.checkpoints.bind(reader);
    let asked = 0;
    reader.checkpoints = async () => {
      asked += 1;
      if (asked < 3) throw new Error('no connection to the database of the reader');
      return ask();
    };
    const subscription = await subscribe(reader);
    await caughtUp(reader, reporting);
    expect(asked).toBeGreaterThanOrEqual(3);
    expect(await reader.differences(reporting)).toEqual([]);
    await subscription.close();
  });

  it('has no second effect on a reader that is handed in again what it has taken in', async () => {
    const first = newReader(planning);
    const before = await subscribe(first);
    await caughtUp(first, planning);
    await before.close();
    const second = new RowReader(pool, first.name, first.sources);
    second.checkpoints = async () => [];
    const again = await subscribe(second);
    await planning.append(20);
    await caughtUp(second, planning);
    expect(second.delivered).toBe(await planning.store.head());
    expect(await second.differences(planning)).toEqual([]);
    await again.close();
  });

  it('catches up with 5,000 events that were there before the reader', async () => {
    await planning.appendMany(5_000);
    const reader = newReader(planning);
    const subscription = await subscribe(reader);
    await caughtUp(reader, planning);
    expect(await reader.differences(planning)).toEqual([]);
    await subscription.close();
  });

  it('brings everything to each of two readers', async () => {
    const readers = [newReader(reporting), newReader(reporting)];
    const subscriptions = await Promise.all(readers.map(subscribe));
    await reporting.append(100);
    for (const reader of readers) {
      await caughtUp(reader, reporting);
      expect(await reader.differences(reporting)).toEqual([]);
    }
    await Promise.all(subscriptions.map((subscription) => subscription.close()));
  });

  it('lets a second process of the same name share the work and take it over', async () => {
    const first = newReader(reporting);
    const second = new RowReader(pool, first.name, first.sources);
    const one = await subscribe(first);
    await reporting.append(40);
    const two = await subscribe(second);
    await reporting.append(40);
    await caughtUp(first, reporting);
    await one.close();
    await reporting.append(40);
    await caughtUp(second, reporting);
    expect(await second.differences(reporting)).toEqual([]);
    expect([...first.faults, ...second.faults]).toEqual([]);
    await two.close();
  });

  it('loses nothing that was appended while everything restarted', async () => {
    const reader = newReader(planning);
    await subscribe(reader);
    await planning.append(50);
    const closing = carriage.close();
    await planning.append(50);
    await closing;
    await planning.append(50);
    carriage = await carrier.open([planning, reporting]);
    const appending = planning.append(50);
    await subscribe(reader);
    await appending;
    await caughtUp(reader, planning);
    expect(await reader.differences(planning)).toEqual([]);
  });
}
