import { eventually, freshDatabase } from '@loa/testing';
import type pg from 'pg';
import { LogTransport } from './log-transport.js';
import { openReaderPool, ReaderTables1700000000001, RowReader } from './testing/row-reader.js';
import { TestSource } from './testing/test-source.js';

let source: TestSource;
let pool: pg.Pool;
let errors: string[];
let transport: LogTransport;

beforeEach(async () => {
  const access = await freshDatabase('log_reader', { migrations: [ReaderTables1700000000001] });
  pool = openReaderPool(access.runtime);
  source = await TestSource.open('planning');
  errors = [];
  transport = new LogTransport({ planning: source.store }, (error) => errors.push(String(error)));
});
afterEach(async () => {
  await transport.close();
  await Promise.all([source.close(), pool.end()]);
});

const newReader = () => new RowReader(pool, 'reader', ['planning']);

it('a checkpoint ahead of the head: the log was restored without its end, and nothing is read', async () => {
  await source.append(3);
  await pool.query(`INSERT INTO checkpoint VALUES ('reader', 'planning', 0, 7, 7)`);
  const reader = newReader();
  await transport.subscribe(reader);
  await eventually(() =>
    expect(errors[0]).toContain(
      'reader has read planning up to 7, but the log ends at 3: it was restored without its last events',
    ),
  );
  expect([reader.delivered, reader.caughtUpWith.size]).toEqual([0, 0]);
});

it('a hole in the log: nothing is applied past it, also not by trying again, and it is never caught up', async () => {
  await source.append(4);
  await source.asOwner('ALTER TABLE es.event DISABLE TRIGGER USER');
  await source.asOwner('DELETE FROM es.event WHERE position = 3');
  const reader = newReader();
  await transport.subscribe(reader);
  await eventually(() => expect(errors.length).toBeGreaterThan(1));
  expect(errors[0]).toContain('position 4 names 3 before it, but 2 was');
  expect(await reader.count('planning')).toBe(0);
  expect(reader.caughtUpWith.size).toBe(0);
});

it('a source that there is no log of is refused at once', async () => {
  const reader = new RowReader(pool, 'reader', ['elsewhere']);
  await expect(transport.subscribe(reader)).rejects.toThrow('no log of elsewhere to read');
});
