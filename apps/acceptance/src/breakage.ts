import type { Distributed, ServiceName } from '@loa/distributed';
import { DraftActivity } from '@loa/contracts-reporting';
import { draftOf, Unanswered, type Client, type SmallWorld } from '@loa/outside';
import { eventually } from '@loa/testing';
import { randomUUID } from 'node:crypto';
import { Insistent } from './insistent.js';
import { shownFresh, write } from './own-writes.js';
import { heedSigterm } from './sigterm.js';
import { contexts, startWork, work, workThrough, type Context } from './work.js';

interface Shown {
  readonly activity: { readonly version: number } | null;
}

interface Freshness {
  readonly freshness: readonly { readonly context: string; readonly stale: boolean }[];
}

/** How long a question waits for its `minPosition`, where nothing else is set. */
const PATIENCE_MS = 1_000;
/** Timers may go off so much too early, */
const TIMER_EARLY_MS = 5;
/** and where much else is done, what comes after them is late. */
const SLOW_MACHINE_MS = 9_000;

/** What must hold when parts are taken away from the running system, and when they come back. */
export function breakThings(running: () => Distributed): void {
  let system: Distributed;
  let client: Client;
  let world: SmallWorld;

  beforeAll(async () => {
    system = running();
    ({ client, world } = await startWork(system.url));
  }, 90_000);
  afterAll(() => client.close());

  const shown = async (id: string) =>
    (await client.query<Shown>('query ($id: ID!) { activity(id: $id) { version } }', { id })).activity;
  const caughtUp = (check: () => Promise<void>) => eventually(check, { within: 45_000 });

  describe('SIGTERM', () => heedSigterm(() => ({ system, client, world })));

  it('a service is down: its commands say "try again", nothing is half done, queries go on', async () => {
    const activityId = randomUUID();
    const envelope = { idempotencyKey: randomUUID() };
    await system.service('reporting').end('SIGTERM');
    const error = await client
      .command(DraftActivity, draftOf(world, activityId), envelope)
      .catch((one: unknown) => one);
    expect(error).toBeInstanceOf(Unanswered);
    expect((error as Unanswered).errors[0]!.extensions).toMatchObject({
      code: 'DEPENDENCY_UNAVAILABLE',
      retryable: true,
    });
    expect(await shown(activityId)).toBeNull();
    await system.service('reporting').start();
    const { version } = await client.accepted(DraftActivity, draftOf(world, activityId), envelope);
    expect(version).toBe(1);
    await caughtUp(async () => expect((await shown(activityId))?.version).toBe(1));
  }, 120_000);

  it('the projector is down: who asks for an own write is told that it is late, and gets it afterwards', async () => {
    await system.service('gateway-projector').end('SIGKILL');
    const own = await write(client, 'reporting', world);
    const asked = performance.now();
    const answer = await own.ask();
    const waited = performance.now() - asked;
    const position = { context: 'reporting', position: expect.any(Number), stale: true, why: 'LATE' };
    expect(answer).toEqual({
      data: { found: null },
      extensions: { freshness: { stale: true, positions: [position] } },
    });
    expect(waited).toBeGreaterThanOrEqual(PATIENCE_MS - TIMER_EARLY_MS);
    expect(waited).toBeLessThan(PATIENCE_MS + SLOW_MACHINE_MS);
    system.service('gateway-projector').spawn();
    await caughtUp(async () => expect(await own.ask()).toEqual(shownFresh('reporting', own)));
  }, 120_000);

  it('a service is gone: answers may lack what it recorded last, and say so until it is back', async () => {
    const stale = async () => {
      const { freshness } = await client.query<Freshness>('{ freshness { context stale } }');
      return freshness.flatMap((of) => (of.stale ? [of.context] : []));
    };
    await caughtUp(async () => expect(await stale()).toEqual([]));
    await system.service('monitoring').end('SIGKILL');
    await caughtUp(async () => expect(await stale()).toEqual(['monitoring']));
    await system.service('monitoring').start();
    await caughtUp(async () => expect(await stale()).toEqual([]));
  }, 180_000);

  it('Kafka is down, also at the start of a service: commands are taken, views catch up', async () => {
    await system.kafka.kill(1);
    const insistent = new Insistent(client);
    const before = await work.reporting(insistent, world);
    // Taking out the reader as well would help nobody: what it wrote can still be asked for.
    await caughtUp(async () => {
      const health = await fetch(`${system.service('gateway-projector').url}/health/ready`);
      const report = { ready: true, database: true, parts: { events: false } };
      expect([health.status, await health.json()]).toEqual([200, report]);
    });
    await system.service('reporting').end('SIGKILL');
    await system.service('reporting').start();
    const unseen = randomUUID();
    await insistent.send(DraftActivity, draftOf(world, unseen));
    const after = await work.reporting(insistent, world);
    expect(await shown(unseen)).toBeNull();
    await system.kafka.restart(1);
    await caughtUp(async () => {
      await before(client);
      await after(client);
      expect((await shown(unseen))?.version).toBe(1);
    });
  }, 180_000);

  it('PostgreSQL goes down as in a power cut, under load: everything acknowledged is there, once', async () => {
    await workThrough(client, world, contexts, async () => {
      await system.postgres.stop('immediate');
      await system.postgres.up();
    });
  }, 180_000);

  it.each<[victim: ServiceName, withWorkOf: readonly Context[]]>([
    ['planning', ['planning']],
    ['reporting', ['reporting']],
    ['monitoring', ['monitoring']],
    ['gateway-api', contexts],
    ['gateway-projector', contexts],
  ])(
    'kill -9 of %s with commands on their way: everything acknowledged is there, once; the work goes on',
    async (name, withWorkOf) => {
      const interrupted = await workThrough(client, world, withWorkOf, async () => {
        await system.service(name).end('SIGKILL');
        system.service(name).spawn();
      });
      // Commands do not pass through the projector.
      if (name === 'gateway-projector') expect(interrupted).toBe(0);
      else expect(interrupted).toBeGreaterThan(0);
      await eventually(async () => expect(await system.service(name).ready()).toBe(true), { within: 30_000 });
    },
    180_000,
  );
}
