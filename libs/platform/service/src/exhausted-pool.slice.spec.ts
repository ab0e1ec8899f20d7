import { openPool, type DatabaseAccess } from '@loa/database';
import { EventStore } from '@loa/event-store';
import { eventually, freshDatabase } from '@loa/testing';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { randomUUID } from 'node:crypto';
import { CommandBusModule } from './command-bus.module.js';
import { CommandDoor } from './command-door.js';
import { CommandsController } from './commands.controller.js';
import { definition } from './doors.fixtures.js';
import { problemBody, problems } from './refusal-http.js';
import { Rehydration } from './rehydration.js';

@Module({})
class DoorModule {}

const MOST_UNDER_WAY = 5;
let access: DatabaseAccess;
let pool: EventStore['pool'];
let store: EventStore;
let app: NestFastifyApplication;
let url: string;

beforeAll(async () => {
  access = await freshDatabase('exhausted', definition.schema);
});
/** A door on a pool of one connection. */
beforeEach(async () => {
  pool = openPool({ connectionString: access.runtime, applicationName: 'exhausted', max: 1 });
  store = new EventStore(pool);
  const { name: context, deciders, events } = definition;
  const rehydration = new Rehydration(store, events);
  const now = () => new Date();
  const parts = { context, store, deciders, rehydration, lookups: {}, now, mostUnderWay: MOST_UNDER_WAY };
  const bus = CommandBusModule.forRoot(
    new CommandDoor(parts),
    deciders.map(({ aggregate }) => aggregate),
  );
  app = await NestFactory.create<NestFastifyApplication>(
    { module: DoorModule, imports: [bus], controllers: [CommandsController] },
    new FastifyAdapter(),
    { logger: false },
  );
  await app.listen(0, '127.0.0.1');
  url = await app.getUrl();
});
afterEach(async () => {
  await app.close();
  await store.close();
});

async function knock(doorId: string) {
  const response = await fetch(`${url}/commands/Knock`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': `knock at ${doorId}` },
    body: JSON.stringify({ input: { doorId, words: 'hello' } }),
  });
  const retryAfter = response.headers.get('retry-after');
  return { status: response.status, retryAfter, body: (await response.json()) as unknown };
}
const tryAgain = { status: 503, retryAfter: '1', body: problemBody(problems.tryAgain) };

/** Every command was carried out once: one knock at each of so many doors, and nothing else. */
async function expectOneKnockAt(doors: readonly string[], before: number): Promise<void> {
  const stored = await store.read(before, 1_000);
  expect(stored.map(({ streamId }) => streamId).sort()).toEqual([...doors].sort());
  expect(await store.head()).toBe(before + doors.length);
}

it('lets no more commands wait than it may, and carries them out by itself when a connection is free', async () => {
  const before = await store.head();
  // As long as this test likes: it is about how many, not about how long.
  pool.options.connectionTimeoutMillis = 60_000;
  const held = await pool.connect();
  const doors = Array.from({ length: 4 * MOST_UNDER_WAY }, () => randomUUID());
  const answered: string[] = [];
  const answers = doors.map(async (door) => {
    const answer = await knock(door);
    answered.push(door);
    return answer;
  });
  let refused: readonly string[];
  try {
    // Whoever is told to try again is told so at once: nothing else can be answered now.
    await eventually(() => expect(answered).toHaveLength(3 * MOST_UNDER_WAY));
    refused = [...answered];
    expect(pool.waitingCount).toBe(MOST_UNDER_WAY);
  } finally {
    held.release();
  }
  for (const [index, answer] of (await Promise.all(answers)).entries()) {
    if (refused.includes(doors[index]!)) expect(answer).toEqual(tryAgain);
    else expect(answer.status).toBe(200);
  }
  for (const door of refused) expect((await knock(door)).status).toBe(200);
  await expectOneKnockAt(doors, before);
});

it('lets nobody wait longer than for one connection, and says "try again" until there is one', async () => {
  const before = await store.head();
  const held = await pool.connect();
  const door = randomUUID();
  const begun = performance.now();
  expect(await knock(door)).toEqual(tryAgain);
  // It was 40 s when each of its tries waited for a connection as long as the first.
  expect(performance.now() - begun).toBeLessThan(20_000);
  expect(pool.waitingCount).toBe(0);
  held.release();
  expect(await store.head()).toBe(before);
  expect((await knock(door)).status).toBe(200);
  await expectOneKnockAt([door], before);
});
