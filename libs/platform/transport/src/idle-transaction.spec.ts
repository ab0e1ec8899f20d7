import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { eventually, freshDatabase, openIdleTransaction } from '@loa/testing';
import type pg from 'pg';
import { kafkaCarrier } from './testing/carriers.js';
import { describeWithKafka } from './testing/kafka-suite.js';
import { ReaderTables1700000000001, RowReader, openReaderPool } from './testing/row-reader.js';
import { TestSource } from './testing/test-source.js';

jest.setTimeout(60_000);
const within = 40_000;

describeWithKafka('a transaction that stands idle', (brokers) => {
  let pool: pg.Pool;
  beforeAll(async () => {
    const access = await freshDatabase('reader', { migrations: [ReaderTables1700000000001] });
    pool = openReaderPool(access.runtime);
  });
  afterAll(() => pool.end());

  it.each([
    [
      'in another database of the server',
      async () => (await freshDatabase('elsewhere', { migrations: [] })).owner,
    ],
    ['over another table of the database of the log', async ({ access }: TestSource) => access.owner],
  ])('%s holds up neither appends, nor the relay, nor readers', async (_, where) => {
    const source = await TestSource.open('planning');
    await source.append(10);
    const idle = await openIdleTransaction(await where(source));
    const carriage = await kafkaCarrier(brokers).open([source]);
    const reader = new RowReader(pool, `idle-${source.topic}`, [source.name]);
    try {
      await carriage.transport.subscribe(reader);
      await source.append(40);
      await eventually(async () => expect(await reader.count(source.name)).toBe(50), { within });
      expect(await reader.differences(source)).toEqual([]);
    } finally {
      await carriage.close();
      await source.close();
      await idle.end();
    }
  });
});
