import { runtimeRole } from '@loa/database';
import {
  accept,
  decider,
  decision,
  evolveBy,
  language,
  upcaster,
  type CommandAccepted,
  type Decider,
  type DomainEvent,
  type EventContract,
} from '@loa/event-sourcing';
import type { EventStore, NewEvent } from '@loa/event-store';
import {
  createCheckpoints,
  createParking,
  createUnknownTypes,
  projection,
  put,
  readTable,
  when,
  type Projection,
} from '@loa/projections';
import { sourceMigrations } from '@loa/transport/testing';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { CommandDoor } from './command-door.js';
import { Rehydration } from './rehydration.js';

// The life of one event over four releases: two new versions, then a new optional field.

const { command, event } = language('metering', {});
const meterId = z.uuid();
const v1 = z.object({ meterId, reading: z.string() });
const v2 = z.object({ meterId, kilowattHours: z.int() });
const v3 = z.object({ meterId, kilowattHours: z.int(), readBy: z.enum(['person', 'meter']) });
const v3AndMore = v3.extend({ remark: z.string().optional() });

const inNumbers = upcaster(v1, v2, ({ reading, ...rest }) => ({
  ...rest,
  kilowattHours: Number(reading.replace(' kWh', '')),
}));
const byPeople = upcaster(v2, v3, (was) => ({ ...was, readBy: 'person' as const }));
const byPeopleStill = upcaster(v2, v3AndMore, (was) => ({ ...was, readBy: 'person' as const }));
const meaning = 'A meter was read. Stream: the meter.';

export const ReadMeter = command('ReadMeter', {
  meaning: 'Say what a meter has counted since it was last read.',
  target: 'meterId',
  input: z.object({ meterId, kilowattHours: z.int() }),
  refusals: [],
});

export const meterTable = readTable('meter', {
  key: ['meter'],
  columns: { meter: 'uuid', kilowatt_hours: 'int', read_by: 'text' },
});

export interface Release {
  readonly contract: EventContract;
  readonly decider: Decider;
  readonly projection: Projection;
}

interface Reading {
  readonly meterId: string;
  readonly kilowattHours: number;
  readonly readBy: 'person' | 'meter';
}

/** A release that reads and states the event in its own form. What it states adds up all that was read before. */
function release<Data>(
  contract: EventContract<'MeterRead', z.ZodType<Data, Data>>,
  readingOf: (data: Data) => Reading,
  dataOf: (reading: Reading) => Data,
): Release {
  const sums = decider<number>({
    aggregate: 'meter',
    initial: 0,
    evolve: evolveBy<number, DomainEvent<'MeterRead', Data>>({
      MeterRead: (_, data) => readingOf(data).kilowattHours,
    }),
    decisions: [
      decision(ReadMeter, {}, (input, sum: number) =>
        accept(contract(dataOf({ ...input, kilowattHours: sum + input.kilowattHours, readBy: 'meter' }))),
      ),
    ],
  });
  const rows = when(contract as EventContract, (data) => {
    const { meterId: meter, kilowattHours, readBy } = readingOf(data as Data);
    return [put(meterTable, { meter, kilowatt_hours: kilowattHours, read_by: readBy })];
  });
  return {
    contract: contract as EventContract,
    decider: sums as Decider,
    projection: projection('meters', [meterTable], [rows]),
  };
}

export const releases = {
  first: release(
    event('MeterRead', 1, meaning, v1),
    ({ reading, ...rest }) => ({
      ...rest,
      kilowattHours: Number(reading.replace(' kWh', '')),
      readBy: 'person',
    }),
    ({ meterId: meter, kilowattHours }) => ({ meterId: meter, reading: `${kilowattHours} kWh` }),
  ),
  second: release(
    event('MeterRead', 2, meaning, v2, [inNumbers]),
    (data) => ({ ...data, readBy: 'person' }),
    ({ meterId: meter, kilowattHours }) => ({ meterId: meter, kilowattHours }),
  ),
  third: release(
    event('MeterRead', 3, meaning, v3, [inNumbers, byPeople]),
    (data) => data,
    (reading) => reading,
  ),
  /** A new optional field is no new version. */
  fourth: release(
    event('MeterRead', 3, meaning, v3AndMore, [inNumbers, byPeopleStill]),
    (data) => data,
    (reading) => ({ ...reading, remark: 'đọc từ xa' }),
  ),
} as const;

const doorOf = ({ contract, decider: sums }: Release, store: EventStore) =>
  new CommandDoor({
    context: 'metering',
    store,
    deciders: [sums],
    rehydration: new Rehydration(store, [contract]),
    lookups: {},
    now: () => new Date(),
  });

/** A meter is read at the door of a process of that release. */
export const readAt = async (by: Release, store: EventStore, meter: string, kilowattHours: number) =>
  (await doorOf(by, store).handle(ReadMeter.name, {
    input: { meterId: meter, kilowattHours },
    idempotencyKey: randomUUID(),
  })) as CommandAccepted;

/** Written by a release that has more kinds of facts. */
export const unheardOf = (meter: string): NewEvent => ({
  eventId: randomUUID(),
  type: 'metering.MeterSealed',
  schemaVersion: 1,
  data: JSON.stringify({ meterId: meter }),
  meta: '{}',
});

/** Schema `shown`: the one read table. */
export class Meters1700000003000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE SCHEMA shown;
      CREATE TABLE shown.meter (meter uuid PRIMARY KEY, kilowatt_hours int NOT NULL, read_by text NOT NULL);
      CREATE TABLE shown.meter_history (
        LIKE shown.meter, recorded_from timestamptz NOT NULL, recorded_to timestamptz NOT NULL,
        PRIMARY KEY (meter, recorded_from))`);
    await createCheckpoints(runner, 'shown');
    await createParking(runner, 'shown');
    await createUnknownTypes(runner, 'shown');
    const role = await runtimeRole(runner);
    await runner.query(`GRANT USAGE ON SCHEMA shown TO ${role}`);
    await runner.query(
      `GRANT SELECT, INSERT, UPDATE, DELETE ON shown.meter, shown.meter_history, shown.checkpoint TO ${role}`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP SCHEMA shown CASCADE');
  }
}

/** A log that is published, and the rows of its reader beside it. */
export const evolutionSchema = { migrations: [...sourceMigrations, Meters1700000003000] };
