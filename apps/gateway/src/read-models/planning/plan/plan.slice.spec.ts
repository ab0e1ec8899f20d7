import { AssignmentAcknowledged } from '@loa/contracts-planning';
import { id } from '../../events.fixtures.js';
import { QueryGateway } from '../../gateway.fixtures.js';
import {
  assign,
  assignment,
  content2,
  districtA,
  districtB,
  draftPlan,
  front,
  issue,
  meetings,
  planId,
  registerAgencies,
} from '../../world.fixtures.js';

let gateway: QueryGateway;
const second = id(2);
const third = id(3);

beforeAll(async () => {
  gateway = await QueryGateway.start();
  const { planning } = gateway;
  registerAgencies(planning);
  draftPlan(planning);
  assign(planning, 1, {
    leads: [districtB, districtA],
    coordinators: [front],
    target: { quantity: 4, channelId: meetings },
  });
  assign(planning, 2, {
    contentId: content2,
    mode: 'requested',
    leads: [front],
    deadline: { kind: 'year', year: 2022 },
  });
  issue(planning);
  const receipt = { planId, assignmentId: assignment(1).assignmentId, agencyId: districtA };
  planning.add(id(900), AssignmentAcknowledged(receipt), {
    occurredAt: '2022-04-03T02:00:00Z',
    recordedAt: '2022-04-04T02:00:00Z',
  });
  draftPlan(planning, second, '2022-06-01T00:00:00Z');
  draftPlan(planning, third, '2022-07-01T00:00:00Z');
  await gateway.deliver();
});
afterAll(() => gateway.close());

const whole = `query($id: ID!, $asOf: DateTime) { plan(id: $id, asOf: $asOf) {
  id status number symbol issuedOn title year purposes requirements
  provenance { source author link note }
  issuerId issuer { name } standingAgencyId standingAgency { name kind parent { name } }
  contents { id ordinal title illustrative }
  channels { ordinal name unit }
  assignments {
    id content { ordinal title } mode
    leads { agencyId agency { name } acknowledgedAt }
    coordinators { agency { name level } }
    deadline { kind date year text }
    target { quantity channelId channel { unit } text }
    output asWritten
  }
  draftedAt issuedAt recordedAt version
} }`;

it('an issued plan is answered whole, in one go', async () => {
  expect((await gateway.ask<Record<string, unknown>>(whole, { id: planId }))['plan']).toMatchSnapshot();
});

it('as of an instant the plan is what was recorded by then', async () => {
  const asOf = async (instant: string, fields: string) =>
    (await gateway.ask<{ plan: unknown }>(`{ plan(id: "${planId}", asOf: "${instant}") { ${fields} } }`))
      .plan;
  const fields = 'status number issuedAt version recordedAt';
  expect(await asOf('2022-02-01T00:00:00Z', fields)).toBeNull();
  expect(await asOf('2022-03-30T00:00:00Z', fields)).toEqual({
    status: 'DRAFT',
    number: null,
    issuedAt: null,
    version: 8,
    recordedAt: '2022-02-01T01:00:00.000Z',
  });
  expect(await asOf('2022-03-31T09:00:00+07:00', fields)).toEqual({
    status: 'ISSUED',
    number: '211',
    issuedAt: '2022-03-31T02:00:00.000Z',
    version: 9,
    recordedAt: '2022-03-31T02:00:00.000Z',
  });
  const receipts = 'assignments { leads { acknowledgedAt } }';
  const none = [
    { leads: [{ acknowledgedAt: null }, { acknowledgedAt: null }] },
    { leads: [{ acknowledgedAt: null }] },
  ];
  // It happened on the 3rd, but on the 3rd nobody could know: it was recorded on the 4th.
  expect(await asOf('2022-04-03T12:00:00Z', receipts)).toEqual({ assignments: none });
  expect(await asOf('2022-04-04T12:00:00Z', receipts)).toMatchObject({
    assignments: [{ leads: [{}, { acknowledgedAt: '2022-04-03T02:00:00.000Z' }] }, {}],
  });
});

interface Plans {
  plans: {
    edges: { node: { id: string } }[];
    pageInfo: { hasNextPage: boolean; endCursor: string };
    totalCount: number;
  };
}
const list = `query($year: Int, $status: PlanStatus, $first: Int, $after: String, $asOf: DateTime) {
  plans(year: $year, status: $status, first: $first, after: $after, asOf: $asOf) {
    edges { node { id } } pageInfo { hasNextPage endCursor } totalCount } }`;
const found = async (variables: Record<string, unknown> = {}) =>
  (await gateway.ask<Plans>(list, variables)).plans.edges.map(({ node }) => node.id);

it('plans are listed latest first, by year and status', async () => {
  expect(await found()).toEqual([third, second, planId]);
  expect(await found({ status: 'ISSUED' })).toEqual([planId]);
  expect(await found({ status: 'DRAFT', year: 2022 })).toEqual([third, second]);
  expect(await found({ year: 2023 })).toEqual([]);
  expect(await found({ asOf: '2022-06-15T00:00:00Z' })).toEqual([second, planId]);
});

it('pages lead through the list', async () => {
  const first = (await gateway.ask<Plans>(list, { first: 2 })).plans;
  expect(first).toMatchObject({ pageInfo: { hasNextPage: true }, totalCount: 3 });
  const { plans } = await gateway.ask<Plans>(list, { first: 2, after: first.pageInfo.endCursor });
  expect([...first.edges, ...plans.edges].map(({ node }) => node.id)).toEqual([third, second, planId]);
  expect(plans.pageInfo.hasNextPage).toBe(false);
});

it('a page that carries assignments is short', async () => {
  const query = 'query($first: Int) { plans(first: $first) { edges { node { assignments { id } } } } }';
  expect((await gateway.request(query, { first: 11 })).errors?.[0]?.extensions).toMatchObject({
    code: 'BAD_USER_INPUT',
    messages: { vi: expect.stringContaining('10') },
  });
  const { plans } = await gateway.ask<{ plans: { edges: unknown[] } }>(query, { first: 10 });
  expect(plans.edges).toHaveLength(3);
});

it('an agency that has not arrived here yet leaves a gap, not an error', async () => {
  const strange = id(77);
  assign(gateway.planning, 9, { planId: third, leads: [strange] }, '2022-07-02T00:00:00Z');
  await gateway.deliver();
  const { plan } = await gateway.ask<{ plan: unknown }>(
    `{ plan(id: "${third}") { assignments { leads { agencyId agency { name } } } } }`,
  );
  expect(plan).toEqual({ assignments: [{ leads: [{ agencyId: strange, agency: null }] }] });
});
