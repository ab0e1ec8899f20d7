import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { PAGE_CHARACTERS } from '@loa/event-store';
import { eventually, freshDatabase } from '@loa/testing';
import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import type { CaughtUp, DeliveredBatch } from './event-transport.js';
import { kafkaCarrier, logCarrier, type Carriage, type Carrier } from './testing/carriers.js';
import { describeWithKafka } from './testing/kafka-suite.js';
import { ReaderTables1700000000001, RowReader, openReaderPool } from './testing/row-reader.js';
import { TestSource } from './testing/test-source.js';

jest.setTimeout(120_000);
const within = 90_000;

/** As large as the body of a command may be, and more of them than a page holds. */
const EVENTS = 40;
const CHARACTERS = 250_000;
const PAGES = 3;

describe('large events over the log', () => arrive(logCarrier));
describeWithKafka('large events over Kafka', (brokers) => arrive(kafkaCarrier(brokers)));

/** Also knows how large the batches were, and how many of them came before it was told that there is no more. */
class Watched extends RowReader {
  readonly characters: number[] = [];
  caughtUpAfter: number | undefined;

  override caughtUp(at: CaughtUp): void {
    this.caughtUpAfter ??= this.characters.length;
    super.caughtUp(at);
  }

  override async handle(batch: DeliveredBatch): Promise<void> {
    this.characters.push(batch.events.reduce((sum, { data, meta }) => sum + data.length + meta.length, 0));
    await super.handle(batch);
  }
}

function arrive(carrier: Carrier): void {
  let source: TestSource;
  let pool: pg.Pool;
  let carriage: Carriage;

  beforeEach(async () => {
    const access = await freshDatabase('reader', { migrations: [ReaderTables1700000000001] });
    pool = openReaderPool(access.runtime);
    source = await TestSource.open('planning');
    const data = JSON.stringify('x'.repeat(CHARACTERS));
    const large = () => ({ eventId: randomUUID(), type: 'test.Large', schemaVersion: 1, data, meta: '{}' });
    for (let n = 0; n < EVENTS; n += 1)
      await source.store.append({ streamId: randomUUID(), expected: 0, events: [large()] });
  });
  afterEach(async () => {
    await carriage.close();
    await Promise.all([source.close(), pool.end()]);
  });

  it('all of them, in batches that keep within their bound, each page of the log read once', async () => {
    const read = jest.spyOn(source.store, 'read');
    carriage = await carrier.open([source]);
    const reader = new Watched(pool, `large-${source.topic}`, [source.name]);
    await carriage.transport.subscribe(reader);
    await eventually(async () => expect(await reader.count(source.name)).toBe(EVENTS), { within });
    const pages = await Promise.all(read.mock.results.map(({ value }) => value as Promise<unknown[]>));
    const terms = carriage.relays[0]?.counters.elections ?? 1;
    expect(pages.filter(({ length }) => length > 1).length).toBeLessThanOrEqual(PAGES * terms);
    if (carrier.name === 'log') {
      await eventually(() => expect(reader.caughtUpAfter).toBeDefined(), { within });
      // Told so between pages, it would have waited there.
      expect(reader.caughtUpAfter).toBe(PAGES);
    }
    expect(Math.max(...reader.characters)).toBeLessThanOrEqual(PAGE_CHARACTERS);
    expect(await reader.differences(source)).toEqual([]);
    expect(reader.faults).toEqual([]);
  });
}
