import { AssignmentAcknowledged } from '@loa/contracts-planning';
import { id } from '../../events.fixtures.js';
import { QueryGateway } from '../../gateway.fixtures.js';
import {
  assign,
  assignment,
  carryOut,
  content2,
  content3,
  districtA,
  districtB,
  draftPlan,
  front,
  issue,
  meetings,
  papers,
  planId,
  press,
  registerAgencies,
  standing,
} from '../../world.fixtures.js';

let gateway: QueryGateway;

beforeAll(async () => {
  gateway = await QueryGateway.start();
  const { planning, reporting } = gateway;
  registerAgencies(planning);
  draftPlan(planning);
  const byDate = { deadline: { kind: 'by-date' as const, date: '2022-11-30' } };
  assign(planning, 1, { leads: [districtA, districtB], coordinators: [standing], ...byDate });
  assign(planning, 2, {
    contentId: content2,
    leads: [districtA],
    target: { quantity: 10, channelId: papers },
    ...byDate,
  });
  assign(planning, 3, {
    contentId: content3,
    leads: [districtA],
    deadline: { kind: 'continuous', text: 'Thường xuyên' },
  });
  assign(planning, 4, { mode: 'requested', leads: [front, press] });
  issue(planning);
  const receipt = { planId, assignmentId: assignment(2).assignmentId, agencyId: districtA };
  planning.add(id(900), AssignmentAcknowledged(receipt), { recordedAt: '2022-04-05T00:00:00Z' });
  carryOut(reporting, 1, 'verified');
  carryOut(reporting, 2, 'verified', { contentId: content2, channelId: papers, quantity: 9 });
  carryOut(reporting, 3, 'returned', { contentId: content2, channelId: papers, quantity: 5 });
  carryOut(reporting, 4, 'returned', { contentId: content2, channelId: meetings }, '2022-06-01T00:00:00Z');
  carryOut(reporting, 5, 'draft', { contentId: content3 });
  carryOut(reporting, 6, 'submitted', { agencyId: press });
  // Of another plan, and of nobody the plan names.
  carryOut(reporting, 7, 'verified', { planId: id(2), contentId: content3 });
  carryOut(reporting, 8, 'verified', { agencyId: id(16) });
  await gateway.deliver();
});
beforeEach(() => {
  gateway.now = new Date('2022-12-01T03:00:00Z');
});
afterAll(() => gateway.close());

const query = `query($planId: ID!, $agencyId: ID!, $on: Date, $asOf: DateTime) {
  board(planId: $planId, agencyId: $agencyId, on: $on, asOf: $asOf) {
    plan { number } agency { name } on
    counts { drafted submitted returned verified }
    standings { fulfilled underWay notStarted late takingPart invited coordinating }
    assignments { assignment { content { ordinal } mode leads { agencyId } deadline { kind date } target { quantity } }
      role standing verified reached acknowledgedAt }
    returned { title returnReason }
  } }`;

interface Board {
  board: {
    on: string;
    counts: Record<string, number>;
    standings: Record<string, number>;
    assignments: {
      standing: string;
      reached: number;
      verified: number;
      role: string;
      acknowledgedAt: string | null;
    }[];
    returned: unknown[];
  };
}
const board = async (variables: Record<string, unknown> = {}) =>
  (await gateway.ask<Board>(query, { planId, agencyId: districtA, ...variables })).board;

it('the board of an agency: what it owes, how it stands, what came back', async () =>
  expect(await board()).toEqual({
    plan: { number: '211' },
    agency: { name: 'UBND huyện Ba Bể' },
    on: '2022-12-01',
    counts: { drafted: 1, submitted: 0, returned: 2, verified: 2 },
    standings: {
      fulfilled: 1,
      underWay: 1,
      notStarted: 0,
      late: 1,
      takingPart: 0,
      invited: 0,
      coordinating: 0,
    },
    assignments: [
      {
        assignment: {
          content: { ordinal: 1 },
          mode: 'ASSIGNED',
          leads: [{ agencyId: districtA }, { agencyId: districtB }],
          deadline: { kind: 'BY_DATE', date: '2022-11-30' },
          target: null,
        },
        role: 'LEAD',
        standing: 'FULFILLED',
        verified: 1,
        reached: 1,
        acknowledgedAt: null,
      },
      {
        assignment: expect.objectContaining({ target: { quantity: 10 } }),
        role: 'LEAD',
        standing: 'LATE',
        verified: 1,
        reached: 9,
        acknowledgedAt: '2022-04-05T00:00:00.000Z',
      },
      {
        assignment: expect.objectContaining({ deadline: { kind: 'CONTINUOUS', date: null } }),
        role: 'LEAD',
        standing: 'UNDER_WAY',
        verified: 0,
        reached: 0,
        acknowledgedAt: null,
      },
    ],
    returned: [
      { title: 'Hội nghị 4', returnReason: 'Thiếu danh sách 4' },
      { title: 'Hội nghị 3', returnReason: 'Thiếu danh sách 3' },
    ],
  }));

const standingsOf = async (variables: Record<string, unknown>) =>
  (await board(variables)).assignments.map(({ standing: one }) => one);

it('who reported nothing: an assigned lead is late, a requested body is not, a coordinator coordinates', async () => {
  expect(await standingsOf({ agencyId: districtB })).toEqual(['LATE']);
  expect(await standingsOf({ agencyId: front })).toEqual(['INVITED']);
  expect(await standingsOf({ agencyId: press })).toEqual(['TAKING_PART']);
  expect(await standingsOf({ agencyId: standing })).toEqual(['COORDINATING']);
});

it('deadlines are judged on the day asked for, today in Vietnam when none is', async () => {
  expect(await standingsOf({ agencyId: districtB, on: '2022-11-30' })).toEqual(['NOT_STARTED']);
  // 30/11 16:59 UTC is still the 30th there; 17:00 UTC is the 1st of December.
  gateway.now = new Date('2022-11-30T16:59:59Z');
  expect(await standingsOf({ agencyId: districtB })).toEqual(['NOT_STARTED']);
  gateway.now = new Date('2022-11-30T17:00:00Z');
  expect(await standingsOf({ agencyId: districtB })).toEqual(['LATE']);
});

it('as of an instant the board is what it was then: rows, and the day when none is given', async () => {
  const then = await board({ asOf: '2022-05-11T02:02:30Z' });
  expect(then).toMatchObject({
    on: '2022-05-11',
    counts: { drafted: 1, submitted: 3, returned: 0, verified: 0 },
    returned: [],
  });
  expect(then.assignments.map(({ standing: one }) => one)).toEqual(['UNDER_WAY', 'UNDER_WAY', 'UNDER_WAY']);
  expect(
    (await board({ asOf: '2022-05-11T02:02:30Z', on: '2022-12-01' })).assignments.map((one) => one.standing),
  ).toEqual(['LATE', 'LATE', 'UNDER_WAY']);
});

it('before the plan is issued nobody is late', async () =>
  expect(await standingsOf({ asOf: '2022-03-01T00:00:00Z', on: '2023-06-01' })).toEqual([
    'NOT_STARTED',
    'NOT_STARTED',
    'NOT_STARTED',
  ]));

it('a plan that is not there has no board; an agency the plan does not name has an empty one', async () => {
  expect(await gateway.ask(query, { planId: id(88), agencyId: districtA })).toEqual({ board: null });
  expect(await board({ agencyId: id(77) })).toMatchObject({
    agency: null,
    assignments: [],
    counts: { verified: 0 },
  });
});

it.each([
  ['on', { on: '30/11/2022' }],
  ['agencyId', { agencyId: 'ba-be' }],
  ['asOf', { asOf: '2022-11-30' }],
])('%s must make sense', async (argument, variables) => {
  const { errors } = await gateway.request(query, { planId, agencyId: districtA, ...variables });
  expect(errors?.[0]?.extensions).toMatchObject({
    code: 'BAD_USER_INPUT',
    messages: { vi: expect.stringContaining(argument), en: expect.stringContaining(argument) },
  });
});

interface Progress {
  planProgress: {
    edges: {
      node: {
        agency: { name: string } | null;
        standings: Record<string, number>;
        counts: Record<string, number>;
      };
    }[];
    pageInfo: { hasNextPage: boolean; endCursor: string };
    totalCount: number;
  };
}
const progress = `query($planId: ID!, $first: Int, $after: String, $on: Date, $asOf: DateTime) {
  planProgress(planId: $planId, first: $first, after: $after, on: $on, asOf: $asOf) {
    edges { node { agency { name } counts { drafted submitted returned verified }
      standings { fulfilled underWay notStarted late takingPart invited coordinating } } }
    pageInfo { hasNextPage endCursor } totalCount } }`;

it('the progress of a plan lists its agencies, with the numbers of their boards', async () => {
  const { planProgress } = await gateway.ask<Progress>(progress, { planId });
  expect(planProgress.edges.map(({ node }) => node.agency?.name ?? null)).toEqual([
    null,
    'Báo Bắc Kạn',
    'Sở Nội vụ',
    'UBND huyện Ba Bể',
    'UBND huyện Chợ Đồn',
    'Ủy ban Mặt trận Tổ quốc tỉnh',
  ]);
  const { counts, standings } = await board();
  expect(planProgress.edges[3]?.node).toMatchObject({ counts, standings });
  expect(planProgress.totalCount).toBe(6);
});

it('progress comes in pages, and as of an instant', async () => {
  const names: (string | undefined)[] = [];
  let after: string | null = null;
  do {
    const { planProgress }: Progress = await gateway.ask<Progress>(progress, { planId, first: 4, after });
    names.push(...planProgress.edges.map(({ node }) => node.agency?.name));
    after = planProgress.pageInfo.hasNextPage ? planProgress.pageInfo.endCursor : null;
  } while (after !== null);
  expect(names).toHaveLength(6);
  expect(new Set(names).size).toBe(6);
  const then = await gateway.ask<Progress>(progress, { planId, asOf: '2022-04-01T00:00:00Z' });
  expect(then.planProgress.edges.map(({ node }) => node.standings['notStarted'])).toEqual([0, 0, 3, 1, 0]);
  const none = await gateway.ask<Progress>(progress, { planId: id(88) });
  expect(none.planProgress).toMatchObject({ edges: [], totalCount: 0 });
});
