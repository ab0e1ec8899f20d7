import type { Distributed, ServiceName } from '@loa/distributed';
import { AttachEvidence, DraftActivity, SubmitActivity, VerifyActivity } from '@loa/contracts-reporting';
import { eventually } from '@loa/testing';
import { randomUUID } from 'node:crypto';
import { Client, Unanswered, type Accepted } from './client.js';
import { draftOf, makeSmallWorld, type SmallWorld } from './small-world.js';

interface Shown {
  readonly activity: { readonly version: number; readonly status: string } | null;
}

/** What must hold when parts are taken away from the running system, and when they come back. */
export function breakThings(running: () => Distributed): void {
  let system: Distributed;
  let client: Client;
  let world: SmallWorld;

  beforeAll(async () => {
    system = running();
    client = new Client(system.url);
    world = await makeSmallWorld(client);
  }, 60_000);

  const shown = (id: string) =>
    client.query<Shown>('query ($id: ID!) { activity(id: $id) { version status } }', { id });
  const visible = (id: string, version: number) =>
    eventually(async () => expect((await shown(id)).activity?.version).toBe(version), { within: 45_000 });

  /** Sends until there is an answer, as a client with a weak line does: the key makes it safe. */
  async function insist(...[contract, input]: Parameters<Client['command']>): Promise<Accepted> {
    const idempotencyKey = randomUUID();
    return eventually(
      async () => {
        const answer = await client.command(contract, input, { idempotencyKey });
        // Refused here means that something acknowledged was lost, or done twice.
        if (answer.__typename !== 'CommandAccepted') return Promise.reject(new Lost(JSON.stringify(answer)));
        return answer as Accepted;
      },
      { within: 60_000, unless: (error) => error instanceof Lost },
    );
  }

  async function wholeThread(): Promise<{ id: string; version: number }> {
    const activityId = randomUUID();
    const own = { activityId, agencyId: world.agency };
    await insist(DraftActivity, draftOf(world, activityId));
    await insist(AttachEvidence, {
      ...own,
      evidenceId: randomUUID(),
      title: 'Tin (minh họa)',
      link: 'https://example.org/1',
    });
    await insist(SubmitActivity, own);
    const { version } = await insist(VerifyActivity, { activityId, agencyId: world.standing });
    return { id: activityId, version };
  }

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
      messages: { vi: expect.any(String), en: expect.any(String) },
    });
    expect((await shown(activityId)).activity).toBeNull();
    await system.service('reporting').start();
    const { version } = await client.accepted(DraftActivity, draftOf(world, activityId), envelope);
    expect(version).toBe(1);
    await visible(activityId, 1);
  }, 120_000);

  it('Kafka is down, also at the start of a service: commands are taken, views catch up', async () => {
    await system.kafka.kill(1);
    const before = await wholeThread();
    await system.service('reporting').end('SIGKILL');
    await system.service('reporting').start();
    const after = await wholeThread();
    expect((await shown(after.id)).activity).toBeNull();
    await system.kafka.restart(1);
    await visible(before.id, before.version);
    await visible(after.id, after.version);
  }, 180_000);

  it('PostgreSQL goes down as in a power cut, under load: everything acknowledged is there', async () => {
    const work = Promise.all(Array.from({ length: 12 }, wholeThread));
    await system.postgres.stop('immediate');
    await system.postgres.up();
    for (const { id, version } of await work) {
      expect(version).toBe(4);
      await visible(id, version);
    }
  }, 180_000);

  const victims: ServiceName[] = ['planning', 'reporting', 'monitoring', 'gateway-api', 'gateway-projector'];
  it.each(victims)(
    'kill -9 of %s in the middle of the work: nothing acknowledged is lost, the work goes on',
    async (name) => {
      const work = Promise.all(Array.from({ length: 12 }, wholeThread));
      await system.service(name).end('SIGKILL');
      system.service(name).spawn();
      for (const { id, version } of await work) {
        expect(version).toBe(4);
        await visible(id, version);
      }
      await eventually(async () => expect(await system.service(name).ready()).toBe(true), { within: 30_000 });
    },
    180_000,
  );
}

/** Something that was acknowledged is gone, or was done twice. */
class Lost extends Error {}
