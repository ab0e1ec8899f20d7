import { openPool } from '@loa/database';
import { accept, decider, decision, evolveBy, language, refuse, type EventOf } from '@loa/event-sourcing';
import { EventStore } from '@loa/event-store';
import { exposition, Metrics, serveMetrics, valueOf } from '@loa/observability';
import {
  createCheckpoints,
  createGenerations,
  createParking,
  createUnknownTypes,
  projection,
  put,
  readTable,
  when,
} from '@loa/projections';
import { eventually, freshDatabase } from '@loa/testing';
import { LogTransport } from '@loa/transport';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { z } from 'zod';
import { contextMigrations, type ContextDefinition } from './context.js';
import { ContextModule } from './context.module.js';
import { NestLog } from './nest-log.js';
import { ProblemFilter } from './problem.filter.js';

const { command, event } = language('counting', {
  enough: { vi: 'Đủ rồi, không đếm thêm.', en: 'That is enough, no more is counted.' },
});
const tallyId = z.uuid();
const Count = command('Count', {
  meaning: 'Count one more.',
  target: 'tallyId',
  input: z.object({ tallyId, word: z.string().max(20) }),
  refusals: ['enough'],
});
const Counted = event('Counted', 1, 'One more was counted. Stream: the tally.', z.object({ tallyId }));
const tallies = decider<number>({
  aggregate: 'tally',
  initial: 0,
  evolve: evolveBy<number, EventOf<typeof Counted>>({ Counted: (sum) => sum + 1 }),
  decisions: [
    decision(Count, {}, (input, _sum: number) => {
      if (input.word === 'bug') throw new Error('a bug');
      return input.word === 'stop' ? refuse('enough') : accept(Counted({ tallyId: input.tallyId }));
    }),
  ],
});

const tallyTable = readTable('tally', { key: ['tally'], columns: { tally: 'uuid' } });
class Known1700000003000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE SCHEMA known;
      CREATE TABLE known.tally (tally uuid PRIMARY KEY);
      CREATE TABLE known.tally_history (LIKE known.tally, recorded_from timestamptz NOT NULL,
        recorded_to timestamptz NOT NULL, PRIMARY KEY (tally, recorded_from))`);
    await createCheckpoints(runner, 'known');
    await createParking(runner, 'known');
    await createUnknownTypes(runner, 'known');
    await runner.query('CREATE SCHEMA operations');
    await createGenerations(runner, 'operations');
    await runner.query(`GRANT USAGE ON SCHEMA known TO PUBLIC;
      GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA known TO PUBLIC`);
  }
  down(): Promise<void> {
    return Promise.resolve();
  }
}

const definition: ContextDefinition = {
  name: 'counting',
  deciders: [tallies],
  events: [Counted],
  schema: { migrations: [...contextMigrations, Known1700000003000] },
  lookups: () => ({}),
  knowledge: {
    sources: ['counting'],
    projections: [
      projection(
        'tallies',
        [tallyTable],
        [when(Counted, ({ tallyId: tally }) => [put(tallyTable, { tally })])],
      ),
    ],
    schema: 'known',
    registry: 'operations',
    knownTypes: new Set([Counted.type]),
  },
};

let app: NestFastifyApplication;
let url: string;
let owner: string;
let store: EventStore;
beforeAll(async () => {
  const access = await freshDatabase('counted', definition.schema);
  const { runtime } = access;
  owner = access.owner;
  store = new EventStore(openPool({ connectionString: runtime, applicationName: 'counted' }));
  const metrics = new Metrics();
  const transport = new LogTransport({ counting: store }, () => undefined);
  const log = pino({ level: 'silent' });
  app = await NestFactory.create<NestFastifyApplication>(
    ContextModule.forRoot(definition, { store, transport, companions: [], now: () => new Date(), metrics }),
    new FastifyAdapter(),
    { logger: new NestLog(log) },
  );
  app.useGlobalFilters(new ProblemFilter(log));
  serveMetrics(app.getHttpAdapter().getInstance(), metrics);
  await app.listen(0, '127.0.0.1');
  url = await app.getUrl();
});
afterAll(() => app.close());

const told = async () => {
  const response = await fetch(`${url}/metrics`);
  expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
  return exposition(await response.text());
};
const post = (name: string, body: unknown, key: string) =>
  fetch(`${url}/commands/${name}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': key },
    body: JSON.stringify(body),
  });
const tally = '00000000-0000-4000-8000-000000000001';
const count = (word: string, key: string) => post('Count', { input: { tallyId: tally, word } }, key);
const commands = async (outcome: string) =>
  valueOf(await told(), 'command_duration_seconds_count', { command: 'Count', outcome });

it('counts commands by what became of them', async () => {
  await count('one', 'a');
  await count('stop', 'b');
  await count('bug', 'c');
  expect([await commands('accepted'), await commands('refused'), await commands('failed')]).toEqual([
    1, 1, 1,
  ]);
});

it('counts what was answered as before', async () => {
  await count('one', 'again');
  await count('one', 'again');
  expect(valueOf(await told(), 'idempotency_replays_total')).toBe(1);
});

it('counts appends that came too late', async () => {
  const all = await Promise.all(Array.from({ length: 8 }, (_, index) => count('one', `race-${index}`)));
  expect(all.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 200));
  expect(valueOf(await told(), 'eventstore_append_conflicts_total')).toBeGreaterThan(0);
});

it('counts what is read to bring things back to life', async () => {
  const events = async () => valueOf(await told(), 'eventstore_rehydrated_events_total');
  const before = await events();
  await count('one', 'rehydrated');
  expect(await events()).toBeGreaterThan(before);
  const snapshots = (await told()).samples.filter(({ name }) => name === 'eventstore_snapshots_total');
  expect(snapshots.map(({ labels }) => labels['outcome'])).toEqual(['used', 'ignored', 'taken', 'failed']);
});

it('times requests by the pattern of their route, whatever clients ask for', async () => {
  const before = valueOf(await told(), 'http_server_request_duration_seconds_count', {
    route: 'none',
    code: '404',
  });
  await fetch(`${url}/nguyen-van-a/0912345678`);
  await post('NguyenVanA', { input: {} }, 'unknown');
  const { samples } = await told();
  const requests = samples.filter(({ name }) => name === 'http_server_request_duration_seconds_count');
  expect(requests.find(({ labels }) => labels['route'] === 'none')?.value).toBe(before + 1);
  const routes = new Set(requests.map(({ labels }) => labels['route']));
  expect([...routes].toSorted()).toEqual(['/commands/:name', '/metrics', 'none']);
  expect(JSON.stringify(samples)).not.toContain('guyen');
});

it('says how far the reader is behind, and what it parked', async () => {
  await eventually(async () => {
    const now = await told();
    const labels = { projection: 'counting-knowledge' };
    const seconds = now.samples.find(({ name }) => name === 'projection_lag_seconds');
    expect(seconds?.labels).toEqual(labels);
    expect(seconds?.value).toBeLessThan(5);
    expect(now.samples).toContainEqual({ name: 'projection_lag_events', labels, value: 0 });
    expect(now.samples).toContainEqual({
      name: 'dlq_messages_total',
      labels: { consumer: 'counting-knowledge', reason: 'parked' },
      value: 0,
    });
  });
});

it('says what is parked now, whichever process parked it', async () => {
  const parked = async () =>
    valueOf(await told(), 'projection_parked_events', { consumer: 'counting-knowledge' });
  expect(await parked()).toBe(0);
  const pool = openPool({ connectionString: owner, applicationName: 'counted', max: 1 });
  await pool.query(
    `INSERT INTO known.parked (reader, source, position, partition, stream_id, version, event_id, type, schema_version,
       data, meta, recorded_at, attempts, why)
     VALUES ('counting-knowledge', 'counting', 1, 0, $1, 1, gen_random_uuid(), 'x', 1, '{}', '{}', now(), 1, 'failed')`,
    [tally],
  );
  expect(await parked()).toBe(1);
  await pool.query('DELETE FROM known.parked');
  expect(await parked()).toBe(0);
  await pool.end();
});

it('says how many events its rows lack because no contract declares their type', async () => {
  const consumer = { consumer: 'counting-knowledge' };
  expect(valueOf(await told(), 'projection_unknown_events', consumer)).toBe(0);
  await store.append({
    streamId: randomUUID(),
    expected: 0,
    events: [
      {
        eventId: randomUUID(),
        type: 'counting.Later',
        schemaVersion: 1,
        data: '{}',
        meta: '{"key":"later"}',
      },
    ],
  });
  await eventually(async () => expect(valueOf(await told(), 'projection_unknown_events', consumer)).toBe(1));
});

it('says how far a rebuild of what it knows of others has come, while one is under way', async () => {
  const progress = async () =>
    (await told()).samples.filter(({ name }) => name === 'projection_rebuild_progress_ratio');
  expect(await progress()).toEqual([]);
  const pool = openPool({ connectionString: owner, applicationName: 'counted', max: 1 });
  await pool.query(`INSERT INTO operations.generation (read_schema, number, schema_name, state, progress)
                    VALUES ('known', 2, 'known_next', 'building', 0.5)`);
  await pool.end();
  expect(await progress()).toMatchObject([{ labels: { projection: 'counting-knowledge' }, value: 0.5 }]);
});

it('says who waits for a connection', async () => {
  expect((await told()).samples).toContainEqual({
    name: 'db_pool_waiting',
    labels: { pool: 'counting' },
    value: 0,
  });
});
