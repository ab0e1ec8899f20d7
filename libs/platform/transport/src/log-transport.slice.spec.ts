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

/** As a backup of that moment has it. */
async function restoreTo(position: number): Promise<void> {
  await source.asOwner('ALTER TABLE es.event DISABLE TRIGGER USER');
  await source.asOwner('DELETE FROM es.event WHERE position > $1', [position]);
  await source.asOwner('UPDATE es.lane SET head = $1', [position]);
}

it('a checkpoint ahead of the head: the log was restored without its end, and nothing is read', async () => {
  await source.append(3);
  await pool.query(`INSERT INTO checkpoint VALUES ('reader', 'planning', 0, 7, 7)`);
  const reader = newReader();
  await transport.subscribe(reader);
  await eventually(() =>
    expect(errors[0]).toContain(
      'reader has read planning up to 7, but the log ends at 3: it was restored without its last events, which the ' +
        'reader has seen already. If there is a backup that holds more, restore that one. If not: make what the reader ' +
        'keeps anew with "npx loa rebuild --reader reader"',
    ),
  );
  expect([reader.delivered, reader.caughtUpWith.size]).toEqual([0, 0]);
});

it.each([
  ['exactly to', 2],
  ['beyond', 7],
])('a log that was restored and has grown %s the checkpoint since: nothing is read', async (_, grownBy) => {
  await source.append(5);
  const before = newReader();
  const reading = await transport.subscribe(before);
  await eventually(async () => expect(await before.count('planning')).toBe(5));
  await reading.close();
  await restoreTo(3);
  await source.append(grownBy);
  const reader = newReader();
  await transport.subscribe(reader);
  await eventually(() =>
    expect(errors[0]).toMatch(
      /up to 5, but what it took in there was recorded at \S+Z, and the log has an event of \S+Z there: it was restored/,
    ),
  );
  expect([reader.delivered, reader.caughtUpWith.size]).toEqual([0, 0]);
});

it('a log that was restored to where the reader stands: it goes on', async () => {
  await source.append(5);
  await restoreTo(3);
  const before = newReader();
  const reading = await transport.subscribe(before);
  await eventually(async () => expect(await before.count('planning')).toBe(3));
  await reading.close();
  await source.append(4);
  const reader = newReader();
  await transport.subscribe(reader);
  await eventually(async () => expect(await reader.differences(source)).toEqual([]));
  expect([reader.delivered, errors]).toEqual([4, []]);
});

it('a hole in the log: nothing is applied past it, also not by trying again, and it is never caught up', async () => {
  await source.append(4);
  await source.asOwner('ALTER TABLE es.event DISABLE TRIGGER USER');
  await source.asOwner('DELETE FROM es.event WHERE position = 3');
  const reader = newReader();
  await transport.subscribe(reader);
  await eventually(() => expect(errors.length).toBeGreaterThan(1));
  expect(new Set(errors)).toEqual(
    new Set([
      'Error: hole in the log of planning: position 3 is missing, and positions are dense. Nothing is delivered past it ' +
        'to reader: restore the event from a backup of this log, and reading goes on by itself',
    ]),
  );
  expect(await reader.count('planning')).toBe(2);
  expect([reader.faults, reader.caughtUpWith.size]).toEqual([[], 0]);
});

it('a source that there is no log of is refused at once', async () => {
  const reader = new RowReader(pool, 'reader', ['elsewhere']);
  await expect(transport.subscribe(reader)).rejects.toThrow('no log of elsewhere to read');
});
