import { RegisterAgency } from '@loa/contracts-planning';
import { openPool, type DatabaseAccess } from '@loa/database';
import { EventStore } from '@loa/event-store';
import { DependencyUnavailable, type Insistence } from '@loa/graphql';
import { planningContext } from '@loa/planning';
import { CommandDispatcher, ContextModule, UnknownCommand } from '@loa/service';
import { freshDatabase } from '@loa/testing';
import { LogTransport } from '@loa/transport';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { randomUUID } from 'node:crypto';
import { InProcessSender } from './in-process.sender.js';

let access: DatabaseAccess;
let context: INestApplicationContext;
let holders: ReturnType<typeof openPool>;
let store: EventStore;
let letGo = () => Promise.resolve();

beforeAll(async () => {
  access = await freshDatabase('sender', planningContext.schema);
  holders = openPool({ connectionString: access.owner, applicationName: 'holder' });
  const pool = openPool({ connectionString: access.runtime, applicationName: 'sender' });
  // What comes while one waits for those under way is one too many.
  store = new EventStore(pool, { maxQueue: 1 });
  const transport = new LogTransport({ planning: store }, () => undefined);
  const runtime = { store, transport, companions: [], now: () => new Date() };
  context = await NestFactory.createApplicationContext(ContextModule.forRoot(planningContext, runtime), {
    logger: false,
  });
});
afterEach(() => letGo());
afterAll(async () => {
  await context.close();
  await holders.end();
});

const senderWith = (insistence: Insistence) =>
  new InProcessSender({ planning: context.get(CommandDispatcher) }, insistence);

const registrations = (count: number) =>
  Array.from({ length: count }, () => ({
    input: { agencyId: randomUUID(), name: 'Phòng Nội vụ', kind: 'state', level: 'district' },
    idempotencyKey: randomUUID(),
  }));

/** The log takes nothing until it is let go, at the latest when the test is over. */
async function holdLog(): Promise<() => Promise<void>> {
  const holder = await holders.connect();
  await holder.query('BEGIN; SELECT FROM es.lane FOR UPDATE');
  let letting: Promise<void> | undefined;
  letGo = () => (letting ??= holder.query('COMMIT').then(() => holder.release()));
  return letGo;
}

it('tries again while the log has too much to do: everybody gets an answer, and is served once', async () => {
  const free = await holdLog();
  let busy = 0;
  const sender = senderWith({ onNoAnswer: () => (busy += 1), retries: 1_000, pause: free });
  const envelopes = registrations(6);
  const before = await store.head();
  const answers = await Promise.all(envelopes.map((envelope) => sender.send(RegisterAgency, envelope)));
  expect(answers.map(({ status }) => status)).toEqual(envelopes.map(() => 'accepted'));
  expect(busy).toBeGreaterThan(0);
  expect(await store.head()).toBe(before + envelopes.length);
});

it('says after three more tries that there was no answer; nothing was carried out', async () => {
  const free = await holdLog();
  const before = await store.head();
  const senders = registrations(6).map((envelope) => {
    const tries: number[] = [];
    const pauses: number[] = [];
    const sender = senderWith({
      onNoAnswer: (_error, of) => tries.push(of.tries),
      random: () => 0.5,
      pause: (ms) => Promise.resolve(pauses.push(ms)),
    });
    return { tries, pauses, answer: sender.send(RegisterAgency, envelope) };
  });
  // While the log is held nobody else hears anything.
  const first = await Promise.race(
    senders.map(({ tries, pauses, answer }) => answer.catch((error: unknown) => ({ error, tries, pauses }))),
  );
  expect(first).toEqual({
    error: expect.any(DependencyUnavailable),
    tries: [1, 2, 3, 4],
    pauses: [50, 100, 200],
  });
  await free();
  const settled = await Promise.allSettled(senders.map(({ answer }) => answer));
  const served = settled.filter(({ status }) => status === 'fulfilled');
  expect(served.length).toBeLessThan(settled.length);
  expect(await store.head()).toBe(before + served.length);
});

it('does not try again what cannot pass', async () => {
  const sender = senderWith({ pause: () => Promise.reject(new Error('another try')) });
  const unknown = { ...RegisterAgency, name: 'NoSuchCommand' };
  await expect(sender.send(unknown, registrations(1)[0]!)).rejects.toThrow(UnknownCommand);
});
