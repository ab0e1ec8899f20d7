import { AcknowledgeAssignment, AddContent, DraftPlan, IssuePlan } from '@loa/contracts-planning';
import { sow } from '@loa/seed';
import { randomUUID } from 'node:crypto';
import { district, issuer, mobilisation, soon, standing, world, type System } from './cast.js';
import type { Accepted, Client } from './client.js';
import { planQuery, type PlanAnswer } from './questions.js';

const { plan, assignments } = world;

/** From the directory to an issued plan that its agencies have acknowledged. */
export function tellOfThePlan(system: System): void {
  let client: Client;

  beforeAll(() => {
    client = system.client();
  });

  it('1. agencies are registered from real data', async () => {
    await sow(
      { ...world, commands: world.commands.filter(({ phase }) => phase === 'directory') },
      ({ contract, input, ...envelope }) => granted(client, contract, input, envelope),
    );
    const counts = await soon(async () => {
      const level = (name: string) =>
        client.query<{ agencies: { totalCount: number } }>(
          `query { agencies(level: ${name}, first: 1) { totalCount } }`,
        );
      const [districts, communes] = [await level('DISTRICT'), await level('COMMUNE')];
      expect(communes.agencies.totalCount).toBe(108);
      return { districts: districts.agencies.totalCount, communes: communes.agencies.totalCount };
    });
    expect(counts).toEqual({ districts: 8, communes: 108 });
    const { agencies: found } = await client.query<{
      agencies: { edges: { node: { name: string; gsoCode: string } }[] };
    }>(`query { agencies(search: "pac nam", level: DISTRICT) { edges { node { name gsoCode kind } } } }`);
    expect(found.edges.map(({ node }) => node)).toEqual([
      { name: 'UBND huyện Pác Nặm', gsoCode: '060', kind: 'STATE' },
    ]);
  });

  it('2. Sở Nội vụ drafts the plan and assigns its contents', async () => {
    const drafting = world.commands.filter(
      ({ phase, contract }) =>
        phase === 'plan' && contract.name !== 'IssuePlan' && contract.name !== 'AcknowledgeAssignment',
    );
    for (const { contract, input, ...envelope } of drafting) await client.accepted(contract, input, envelope);
    const draft = await soon(async () => {
      const { plan: found } = await client.query<{ plan: PlanAnswer }>(planQuery, { id: plan.id });
      expect(found?.assignments).toHaveLength(Object.keys(assignments).length);
      return found;
    });
    expect(draft).toMatchObject({
      status: 'DRAFT',
      issuer: { name: 'UBND tỉnh Bắc Kạn' },
      standingAgency: { name: 'Sở Nội vụ' },
      provenance: { author: 'Lý Thuấn' },
    });
    expect(draft.contents).toHaveLength(11);
    expect(draft.contents.every(({ illustrative }) => illustrative)).toBe(true);
    expect(new Set(draft.assignments.map(({ deadline }) => deadline.kind))).toEqual(
      new Set(['BY_DATE', 'CONTINUOUS', 'YEAR', 'RECURRING', 'AFTER_EVENT', 'SEPARATE_PLAN', 'NONE']),
    );
    expect(new Set(draft.assignments.map(({ mode }) => mode))).toEqual(new Set(['ASSIGNED', 'REQUESTED']));
  });

  it('3. UBND tỉnh issues it; its number is its own, also when two are issued at the same instant', async () => {
    const issue = { agencyId: issuer, number: plan.number, symbol: plan.symbol, issuedOn: plan.issuedOn };
    const rival = randomUUID();
    await client.accepted(DraftPlan, {
      planId: rival,
      agencyId: standing,
      issuerId: issuer,
      title: 'Kế hoạch khác',
      year: 2022,
      purposes: [],
      requirements: [],
    });
    await client.accepted(AddContent, {
      planId: rival,
      agencyId: standing,
      contentId: randomUUID(),
      title: 'Nội dung',
    });
    expect(await client.refused(IssuePlan, { planId: plan.id, ...issue, agencyId: standing })).toMatchObject({
      code: 'NOT_THE_ISSUER',
    });
    const answers = await Promise.all(
      [plan.id, rival].map((planId) => client.command(IssuePlan, { planId, ...issue })),
    );
    const [accepted] = answers.filter(({ __typename }) => __typename === 'CommandAccepted') as Accepted[];
    const refused = answers.find(({ __typename }) => __typename === 'IssuePlanRefused');
    expect(answers).toHaveLength(2);
    expect(refused).toMatchObject({ code: 'NUMBER_TAKEN' });
    // Either may win the race; the story goes on with 211/KH-UBND under the seed's id.
    if (accepted!.id === rival) {
      await client.accepted(IssuePlan, { planId: plan.id, ...issue, number: '212' });
    } else {
      expect(
        await client.refused(IssuePlan, { planId: rival, ...issue, number: `0${plan.number}` }),
      ).toMatchObject({
        code: 'NUMBER_TAKEN',
      });
    }
    await soon(async () => {
      const { plan: found } = await client.query<{ plan: PlanAnswer }>(planQuery, { id: plan.id });
      expect(found.status).toBe('ISSUED');
    });
  });

  it('4a. agencies acknowledge what they were assigned, and only that', async () => {
    const { id: assignmentId } = Object.values(assignments).find(({ leads }) =>
      leads.some(({ id }) => id === district.id),
    )!;
    const acknowledge = { planId: plan.id, assignmentId, agencyId: district.id };
    await client.accepted(AcknowledgeAssignment, acknowledge);
    expect(
      await client.refused(AcknowledgeAssignment, { ...acknowledge, agencyId: mobilisation.id }),
    ).toMatchObject({
      code: 'NOT_YOUR_ASSIGNMENT',
    });
    await soon(async () => {
      const { plan: found } = await client.query<{ plan: PlanAnswer }>(planQuery, { id: plan.id });
      const lead = found.assignments
        .find(({ id }) => id === assignmentId)!
        .leads.find(({ agencyId }) => agencyId === district.id);
      expect(lead!.acknowledgedAt).not.toBeNull();
    });
  });
}

async function granted(client: Client, ...[contract, input, envelope]: Parameters<Client['accepted']>) {
  const { id, version, position } = await client.accepted(contract, input, envelope);
  return { status: 'accepted' as const, id, version, position, warnings: [] };
}
