import { openPool } from '@loa/database';
import { UnknownType } from '@loa/event-sourcing';
import { EventStore } from '@loa/event-store';
import { Projector } from '@loa/projections';
import { eventually, freshDatabase } from '@loa/testing';
import { LogTransport } from '@loa/transport';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { pino } from 'pino';
import { ContextModule } from './context.module.js';
import { evolutionSchema, readAt, releases, unheardOf, type Release } from './event-evolution.fixtures.js';
import { fromStreams } from './lookups.js';
import { Rehydration } from './rehydration.js';
import { NestLog } from './nest-log.js';
import { ProblemFilter } from './problem.filter.js';

const meterId = '00000000-0000-4000-8000-000000000001';
let store: EventStore;

beforeEach(async () => {
  const access = await freshDatabase('evolution', evolutionSchema);
  store = new EventStore(openPool({ connectionString: access.runtime, applicationName: 'evolution' }));
});
afterEach(() => store.close());

const read = (by: Release, kilowattHours: number) => readAt(by, store, meterId, kilowattHours);
const projectorOf = ({ projection }: Release, name = 'meters') =>
  new Projector(store.pool, { name, sources: ['metering'], projections: [projection], schema: 'shown' });
const stored = async () =>
  (await store.load(meterId)).events.map(({ schemaVersion, data }) => [
    schemaVersion,
    JSON.parse(data) as unknown,
  ]);
const shown = async () =>
  (await store.pool.query('SELECT kilowatt_hours, read_by FROM shown.meter')).rows as unknown[];

/** Hands the whole log to a reader, as a carrier would. */
const catchUp = async (projector: Projector, after = 0) => {
  const events = await store.read(after, 1_000);
  await projector.handle({
    source: 'metering',
    partition: 0,
    events: events.map((event) => ({ ...event, previous: event.position - 1, offset: event.position })),
  });
};

/** A log with every version of the event. */
async function threeVersions(): Promise<void> {
  await read(releases.first, 5);
  await read(releases.second, 7);
  await read(releases.third, 8);
}

it('a stream of three versions adds up at the door, and stays stored as it was written', async () => {
  await threeVersions();
  expect(await stored()).toEqual([
    [1, { meterId, reading: '5 kWh' }],
    [2, { meterId, kilowattHours: 12 }],
    [3, { meterId, kilowattHours: 20, readBy: 'meter' }],
  ]);
});

it('things of the same context are looked up in their newest version', async () => {
  await read(releases.first, 5);
  const { decider, contract } = releases.third;
  const found = await fromStreams(new Rehydration(store, [contract]), decider)([meterId]);
  expect(found.get(meterId)).toBe(5);
});

it.each([
  [1, { kilowatt_hours: 5, read_by: 'person' }],
  [2, { kilowatt_hours: 12, read_by: 'person' }],
  [3, { kilowatt_hours: 20, read_by: 'meter' }],
])('a row is made of version %i through the log and its carrier', async (version, row) => {
  const all = [() => read(releases.first, 5), () => read(releases.second, 7), () => read(releases.third, 8)];
  for (const write of all.slice(0, version)) await write();
  const transport = new LogTransport({ metering: store }, () => undefined);
  const subscription = await transport.subscribe(projectorOf(releases.third));
  try {
    await eventually(async () => expect(await shown()).toEqual([row]));
  } finally {
    await subscription.close();
  }
});

describe('two releases side by side', () => {
  it('the older takes what the newer wrote with a new optional field, and the newer what the older wrote', async () => {
    await read(releases.fourth, 5);
    await read(releases.third, 1);
    await read(releases.fourth, 1);
    expect(await stored()).toEqual([
      [3, { meterId, kilowattHours: 5, readBy: 'meter', remark: 'đọc từ xa' }],
      [3, { meterId, kilowattHours: 6, readBy: 'meter' }],
      [3, { meterId, kilowattHours: 7, readBy: 'meter', remark: 'đọc từ xa' }],
    ]);
    for (const [name, release] of Object.entries(releases).slice(2)) {
      await store.pool.query('DELETE FROM shown.meter');
      await catchUp(projectorOf(release, name));
      expect(await shown()).toEqual([{ kilowatt_hours: 7, read_by: 'meter' }]);
    }
  });

  it('share one checkpoint: the newer goes on where the older stopped', async () => {
    await read(releases.third, 5);
    await catchUp(projectorOf(releases.third));
    await read(releases.fourth, 1);
    await catchUp(projectorOf(releases.fourth));
    await read(releases.third, 1);
    await catchUp(projectorOf(releases.third));
    expect(await shown()).toEqual([{ kilowatt_hours: 7, read_by: 'meter' }]);
  });
});

describe('a release that is older than the log', () => {
  it('sets aside what it has no words for, and what follows it in its stream', async () => {
    await threeVersions();
    await read(releases.third, 1);
    await catchUp(projectorOf(releases.second));
    expect(await shown()).toEqual([{ kilowatt_hours: 12, read_by: 'person' }]);
    const { rows } = await store.pool.query(
      'SELECT version, schema_version, why, error FROM shown.parked ORDER BY version',
    );
    expect(rows).toEqual([
      {
        version: 3,
        schema_version: 3,
        why: 'failed',
        error: expect.stringContaining(
          'stored in version 3, and this release reads versions 1 to 2',
        ) as string,
      },
      { version: 4, schema_version: 3, why: 'behind', error: null },
    ]);
  });

  it('decides nothing about it, and stores nothing', async () => {
    await threeVersions();
    const head = await store.head();
    await expect(read(releases.second, 1)).rejects.toThrow(
      'metering.MeterRead is stored in version 3, and this release reads versions 1 to 2',
    );
    expect(await store.head()).toBe(head);
  });

  it('decides nothing about a thing to which something happened that it has no word for', async () => {
    await threeVersions();
    await store.append({ streamId: meterId, expected: 3, events: [unheardOf(meterId)] });
    const answer = read(releases.third, 1);
    await expect(answer).rejects.toThrow(UnknownType);
    await expect(answer).rejects.toThrow('metering.MeterSealed is no event that this release knows');
    const { decider, contract } = releases.third;
    const lookup = fromStreams(new Rehydration(store, [contract]), decider);
    await expect(lookup([meterId])).rejects.toThrow(UnknownType);
    expect(await store.head()).toBe(4);
  });

  it.each([
    ['a version', threeVersions],
    ['a kind of fact', () => store.append({ streamId: meterId, expected: 0, events: [unheardOf(meterId)] })],
  ])('answers 503 with what to do to %s that it does not know', async (_, write) => {
    await write();
    const { decider, contract } = releases.first;
    const definition = {
      name: 'metering',
      deciders: [decider],
      events: [contract],
      schema: evolutionSchema,
      lookups: () => ({}),
    };
    const transport = new LogTransport({ metering: store }, () => undefined);
    const log = pino({ level: 'silent' });
    // Its own store: closing the process closes it.
    const own = new EventStore(
      openPool({ connectionString: store.pool.options.connectionString!, applicationName: 'older' }),
    );
    const app = await NestFactory.create<NestFastifyApplication>(
      ContextModule.forRoot(definition, { store: own, transport, companions: [], now: () => new Date() }),
      new FastifyAdapter(),
      { logger: new NestLog(log) },
    );
    app.useGlobalFilters(new ProblemFilter(log));
    try {
      await app.listen(0, '127.0.0.1');
      const response = await fetch(`${await app.getUrl()}/commands/ReadMeter`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': 'older' },
        body: JSON.stringify({ input: { meterId, kilowattHours: 1 } }),
      });
      expect(response.status).toBe(503);
      expect(await response.json()).toMatchObject({
        status: 'failed',
        code: 'newer-release',
        retryable: true,
        message: { en: expect.stringContaining('update this service') as string },
      });
    } finally {
      await app.close();
    }
  });
});
