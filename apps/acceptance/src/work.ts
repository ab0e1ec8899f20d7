import { DefineIndicator, ReviseTarget } from '@loa/contracts-monitoring';
import { AddContent, DraftPlan, RegisterAgency } from '@loa/contracts-planning';
import { AttachEvidence, DraftActivity, SubmitActivity, VerifyActivity } from '@loa/contracts-reporting';
import { Client, draftOf, makeSmallWorld, type Accepted, type SmallWorld } from '@loa/outside';
import { eventually } from '@loa/testing';
import { randomUUID } from 'node:crypto';
import { Insistent } from './insistent.js';

/** Holds what the gateway shows to what was acknowledged: all of it is there, once. */
export type Check = (client: Client) => Promise<void>;
/** Some commands of one context, one after the other. */
type Work = (insistent: Insistent, world: SmallWorld) => Promise<Check>;

export type Context = 'planning' | 'reporting' | 'monitoring';
export const contexts: readonly Context[] = ['planning', 'reporting', 'monitoring'];

const PIECES = 12;
const CAUGHT_UP_WITHIN_MS = 45_000;

export const work: Readonly<Record<Context, Work>> = {
  async planning(insistent, { standing, issuer }) {
    const [planId, agencyId] = [randomUUID(), randomUUID()];
    const agency = { name: `Phòng Nội vụ ${agencyId}`, kind: 'state', level: 'district' };
    const titles = ['Thể chế', 'Thủ tục', 'Bộ máy', 'Công vụ'];
    await insistent.send(RegisterAgency, { agencyId, ...agency });
    const words = { title: 'Kế hoạch', year: 2022, purposes: [], requirements: [] };
    await insistent.send(DraftPlan, { planId, agencyId: standing, issuerId: issuer, ...words });
    for (const title of titles)
      await insistent.send(AddContent, { planId, agencyId: standing, contentId: randomUUID(), title });
    return async (client) =>
      expect(
        await client.query(
          `query ($planId: ID!, $agencyId: ID!, $name: String!) {
            agencies(search: $name) { totalCount }
            agency(id: $agencyId) { name version }
            plan(id: $planId) { version contents { ordinal title } }
          }`,
          { planId, agencyId, name: agency.name },
        ),
      ).toEqual({
        agencies: { totalCount: 1 },
        agency: { name: agency.name, version: 1 },
        plan: {
          version: 1 + titles.length,
          contents: titles.map((title, index) => ({ ordinal: index + 1, title })),
        },
      });
  },

  async reporting(insistent, world) {
    const activityId = randomUUID();
    const own = { activityId, agencyId: world.agency };
    const evidence = { title: 'Tin (minh họa)', link: 'https://example.org/1' };
    await insistent.send(DraftActivity, draftOf(world, activityId));
    await insistent.send(AttachEvidence, { ...own, evidenceId: randomUUID(), ...evidence });
    await insistent.send(SubmitActivity, own);
    await insistent.send(VerifyActivity, { activityId, agencyId: world.standing });
    const kinds = ['DRAFTED', 'EVIDENCE_ATTACHED', 'SUBMITTED', 'VERIFIED'];
    return async (client) =>
      expect(
        await client.query(
          'query ($id: ID!) { activity(id: $id) { version status evidence { title link } thread { version kind } } }',
          { id: activityId },
        ),
      ).toEqual({
        activity: {
          version: kinds.length,
          status: 'VERIFIED',
          evidence: [evidence],
          thread: kinds.map((kind, index) => ({ version: index + 1, kind })),
        },
      });
  },

  async monitoring(insistent, world) {
    const indicator = indicatorOf(world);
    const target = { indicatorId: indicator.indicatorId, agencyId: world.standing };
    const targets = [20, 30, 40, 50];
    await insistent.send(DefineIndicator, indicator);
    for (const one of targets)
      await insistent.send(ReviseTarget, { ...target, target: one, reason: `Nâng lên ${one}` });
    return async (client) =>
      expect(
        await client.query(
          'query ($id: ID!) { indicator(id: $id) { version target revisions { version target } } }',
          { id: indicator.indicatorId },
        ),
      ).toEqual({
        indicator: {
          version: 1 + targets.length,
          target: targets.at(-1),
          revisions: [indicator.target, ...targets].map((one, index) => ({
            version: index + 1,
            target: one,
          })),
        },
      });
  },
};

/** One command of each context that makes something new, with that id. */
export const make: Readonly<
  Record<Context, (client: Client, world: SmallWorld, id: string) => Promise<Accepted>>
> = {
  planning: (client, _world, agencyId) =>
    client.accepted(RegisterAgency, {
      agencyId,
      name: `Phòng Nội vụ ${agencyId}`,
      kind: 'state',
      level: 'district',
    }),
  reporting: (client, world, activityId) => client.accepted(DraftActivity, draftOf(world, activityId)),
  monitoring: (client, world, indicatorId) =>
    client.accepted(DefineIndicator, { ...indicatorOf(world), indicatorId }),
};

/** An indicator of the small world that is not there yet. */
export const indicatorOf = ({ standing, planId }: SmallWorld) => ({
  indicatorId: randomUUID(),
  planId,
  agencyId: standing,
  name: 'Số hoạt động',
  unit: 'hoạt động',
  measure: 'activities',
  target: 10,
});

/** Somebody who works in a small world of their own. */
export interface Worker {
  readonly client: Client;
  readonly world: SmallWorld;
}

/** Opens a client and makes it a small world; every context has heard of it. */
export async function startWork(url: string): Promise<Worker> {
  const client = new Client(url);
  const world = await makeSmallWorld(client);
  await heardByMonitoring(client, world);
  return { client, world };
}

/** Waits until monitoring knows the plan: what is refused from then on is a loss. */
export async function heardByMonitoring(client: Client, world: SmallWorld): Promise<void> {
  const indicator = indicatorOf(world);
  const envelope = { idempotencyKey: indicator.indicatorId };
  await eventually(() => client.accepted(DefineIndicator, indicator, envelope), { within: 30_000 });
}

/**
 * Something breaks while commands of these contexts are on their way. Everything acknowledged, before and after, must
 * be there exactly once: as the gateway shows it, and as the same commands under the same keys are answered.
 * @returns how many tries brought no answer
 */
export async function workThrough(
  client: Client,
  world: SmallWorld,
  of: readonly Context[],
  breakdown: () => Promise<void>,
): Promise<number> {
  const insistent = new Insistent(client);
  const pieces = Array.from({ length: PIECES }, (_, index) => work[of[index % of.length]!](insistent, world));
  const done = Promise.all(pieces);
  // It is waited for below; a failure before that must not count as unhandled.
  done.catch(() => undefined);
  await eventually(() => expect(insistent.acknowledged).toBeGreaterThan(PIECES));
  expect(insistent.underWay).toBeGreaterThan(0);
  await breakdown();
  const checks = await done;
  const holds = () => Promise.all(checks.map((check) => check(client)));
  await eventually(holds, { within: CAUGHT_UP_WITHIN_MS });
  await insistent.repeatAll();
  await holds();
  return insistent.interrupted;
}
