import {
  AcknowledgeAssignment,
  AddContent,
  AssignContent,
  DraftPlan,
  IssuePlan,
} from '@loa/contracts-planning';
import { isAccepted, type Client } from '@loa/outside';
import { randomUUID } from 'node:crypto';
import { district, issuer, mobilisation, soon, standing, world, type System } from './cast.js';
import { planAsDrafted } from './plan-as-drafted.js';
import { planQuery, type PlanAnswer } from './questions.js';

const { plan, assignments } = world;

/** From the directory to an issued plan that its agencies have acknowledged. */
export function tellOfThePlan(system: System): void {
  let client: Client;
  let whileDraft = '';
  const planOf = async (id: string, asOf?: string) =>
    (await client.query<{ plan: PlanAnswer | null }>(planQuery, { id, asOf })).plan;

  beforeAll(() => {
    client = system.client();
  });
  afterAll(() => client.close());

  it('1. agencies are registered from real data', async () => {
    for (const { phase, contract, input, ...envelope } of world.commands)
      if (phase === 'directory') await client.accepted(contract, input, envelope);
    const counts = `query { districts: agencies(level: DISTRICT, first: 1) { totalCount }
      communes: agencies(level: COMMUNE, first: 1) { totalCount } }`;
    await soon(async () =>
      expect(await client.query(counts)).toEqual({
        districts: { totalCount: 8 },
        communes: { totalCount: 108 },
      }),
    );
    const { agencies: found } = await client.query<{
      agencies: { edges: { node: { name: string; gsoCode: string } }[] };
    }>(`query { agencies(search: "pac nam", level: DISTRICT) { edges { node { name gsoCode kind } } } }`);
    expect(found.edges.map(({ node }) => node)).toEqual([
      { name: 'UBND huyện Pác Nặm', gsoCode: '060', kind: 'STATE' },
    ]);
  });

  it('2. Sở Nội vụ drafts the plan and assigns its contents: all of it is kept as it was worded', async () => {
    const drafting = world.commands.filter(
      ({ phase, contract }) =>
        phase === 'plan' && contract.name !== 'IssuePlan' && contract.name !== 'AcknowledgeAssignment',
    );
    for (const { contract, input, ...envelope } of drafting) await client.accepted(contract, input, envelope);
    const drafted = planAsDrafted();
    await soon(async () => expect(await planOf(plan.id)).toEqual(drafted));
    // The real thing, so that the comparison is not one of nothing with nothing.
    expect(drafted.provenance.author).toBe('Lý Thuấn');
    expect(drafted.purposes).toContain(
      'Tạo sự đồng thuận, sự tham gia của người dân và doanh nghiệp đối với công tác cải cách hành chính.',
    );
    expect(drafted.requirements).toHaveLength(3);
    expect(drafted.contents).toHaveLength(11);
    expect(drafted.contents.every(({ illustrative }) => illustrative)).toBe(true);
    expect(drafted.channels).toHaveLength(13);
    const kinds = ['BY_DATE', 'CONTINUOUS', 'YEAR', 'RECURRING', 'AFTER_EVENT', 'SEPARATE_PLAN', 'NONE'];
    expect(new Set(drafted.assignments.map(({ deadline }) => deadline.kind))).toEqual(new Set(kinds));
    expect(new Set(drafted.assignments.map(({ mode }) => mode))).toEqual(new Set(['ASSIGNED', 'REQUESTED']));
    expect(drafted.assignments.filter(({ target }) => target !== null)).toHaveLength(3);
    expect(drafted.assignments.some(({ coordinators }) => coordinators.length > 100)).toBe(true);
    whileDraft = new Date().toISOString();
  });

  it('3. UBND tỉnh issues it; its number is its own, also when two are issued at the same instant', async () => {
    const issue = { agencyId: issuer, number: plan.number, symbol: plan.symbol, issuedOn: plan.issuedOn };
    const rival = await otherPlan(client);
    expect(await client.refused(IssuePlan, { planId: plan.id, ...issue, agencyId: standing })).toMatchObject({
      code: 'NOT_THE_ISSUER',
    });
    const answers = await Promise.all(
      [plan.id, rival].map((planId) => client.command(IssuePlan, { planId, ...issue })),
    );
    const accepted = answers.filter(isAccepted);
    expect(accepted).toHaveLength(1);
    expect(answers.find((answer) => !isAccepted(answer))).toMatchObject({ code: 'NUMBER_TAKEN' });
    // Either may win the race; the story goes on with the plan under the seed's id.
    if (accepted[0]!.id === rival) {
      await client.accepted(IssuePlan, { planId: plan.id, ...issue, number: '212' });
    } else {
      expect(
        await client.refused(IssuePlan, { planId: rival, ...issue, number: `0${plan.number}` }),
      ).toMatchObject({ code: 'NUMBER_TAKEN' });
    }
    await soon(async () => expect((await planOf(plan.id))?.status).toBe('ISSUED'));
  });

  it('3b. asked as of an instant when it was a draft, it is one; now it is issued', async () => {
    expect(await planOf(plan.id, '2020-01-01T00:00:00Z')).toBeNull();
    expect(await planOf(plan.id, whileDraft)).toEqual(planAsDrafted());
    expect(await planOf(plan.id, new Date().toISOString())).toMatchObject({
      status: 'ISSUED',
      symbol: 'KH-UBND',
      issuedOn: '2022-03-31',
    });
  });

  it('3c. a deadline before the day of issue: the plan is issued, with a warning', async () => {
    const assignmentId = randomUUID();
    const planId = await otherPlan(client, {
      assignmentId,
      deadline: { kind: 'by-date', date: '2022-03-01', text: 'Trước ngày 01/3/2022' },
    });
    const issue = { planId, agencyId: issuer, number: '213', symbol: 'KH-UBND', issuedOn: '2022-03-31' };
    const { warnings } = await client.accepted(IssuePlan, issue);
    expect(warnings).toEqual([
      {
        code: 'deadline-before-issue',
        field: `assignments.${assignmentId}`,
        vi: expect.stringContaining('2022-03-01'),
        en: expect.stringContaining('2022-03-01'),
      },
    ]);
    await soon(async () => expect((await planOf(planId))?.status).toBe('ISSUED'));
  });

  it('4a. agencies acknowledge what they were assigned, and only that', async () => {
    const { id: assignmentId } = Object.values(assignments).find(({ leads }) =>
      leads.some(({ id }) => id === district.id),
    )!;
    const acknowledge = { planId: plan.id, assignmentId, agencyId: district.id };
    await client.accepted(AcknowledgeAssignment, acknowledge);
    expect(
      await client.refused(AcknowledgeAssignment, { ...acknowledge, agencyId: mobilisation.id }),
    ).toMatchObject({ code: 'NOT_YOUR_ASSIGNMENT' });
    await soon(async () => {
      const found = await planOf(plan.id);
      const lead = found!.assignments
        .find(({ id }) => id === assignmentId)!
        .leads.find(({ agencyId }) => agencyId === district.id);
      expect(lead!.acknowledgedAt).not.toBeNull();
    });
  });
}

/** A draft of one content; with an assignment, if one is given. @returns its id */
async function otherPlan(client: Client, assignment?: object): Promise<string> {
  const [planId, contentId] = [randomUUID(), randomUUID()];
  const drafter = { planId, agencyId: standing };
  const words = { title: 'Kế hoạch khác', year: 2022, purposes: [], requirements: [] };
  await client.accepted(DraftPlan, { ...drafter, issuerId: issuer, ...words });
  await client.accepted(AddContent, { ...drafter, contentId, title: 'Nội dung' });
  if (assignment) {
    const toOne = { contentId, mode: 'assigned', leads: [district.id] };
    await client.accepted(AssignContent, { ...drafter, ...toOne, ...assignment });
  }
  return planId;
}
