import { TargetRevised } from '@loa/contracts-monitoring';
import { ActivityVerified } from '@loa/contracts-reporting';
import { id } from '../../events.fixtures.js';
import { QueryGateway } from '../../gateway.fixtures.js';
import {
  carryOut,
  content1,
  content2,
  define,
  districtA,
  districtB,
  draftPlan,
  issue,
  meetings,
  papers,
  planId,
  registerAgencies,
  standing,
} from '../../world.fixtures.js';

let gateway: QueryGateway;

beforeAll(async () => {
  gateway = await QueryGateway.start();
  const { planning, reporting, monitoring } = gateway;
  registerAgencies(planning);
  draftPlan(planning);
  issue(planning);
  const officials = (people: number) => ({ audience: 'officials' as const, people });
  const citizens = (people: number) => ({ audience: 'citizens' as const, people });
  carryOut(reporting, 1, 'verified', { quantity: 2, reach: [officials(80), citizens(1_000)] });
  carryOut(reporting, 2, 'verified', { contentId: content2, channelId: papers, quantity: 12, reach: [] });
  carryOut(reporting, 3, 'verified', { agencyId: districtB, quantity: 1, reach: [officials(20)] });
  // None of these counts: not verified, or of another plan.
  for (const [n, status] of [
    [4, 'draft'],
    [5, 'submitted'],
    [6, 'returned'],
  ] as const) {
    carryOut(reporting, n, status, { quantity: 100, reach: [officials(100)] });
  }
  carryOut(reporting, 7, 'verified', { planId: id(2), quantity: 100 });
  define(monitoring, 1);
  define(
    monitoring,
    2,
    { measure: 'quantity', channelIds: [papers], target: 16, unit: 'tin, bài' },
    '2022-04-02T00:00:00Z',
  );
  define(monitoring, 3, { measure: 'reach', audiences: ['officials'], target: 300 }, '2022-04-03T00:00:00Z');
  define(monitoring, 4, { measure: 'reach', target: 0 }, '2022-04-04T00:00:00Z');
  define(
    monitoring,
    5,
    { contentIds: [content1], agencyIds: [districtA], channelIds: [meetings] },
    '2022-04-05T00:00:00Z',
  );
  define(monitoring, 6, { contentIds: [content1], channelIds: [papers] }, '2022-04-06T00:00:00Z');
  monitoring.add(
    id(201),
    TargetRevised({ indicatorId: id(201), target: 2, reason: 'Điều chỉnh theo thực tế' }),
    { recordedAt: '2022-08-01T00:00:00Z' },
  );
  await gateway.deliver();
});
afterAll(() => gateway.close());

interface Indicators {
  indicators: {
    edges: { node: Record<string, unknown> }[];
    pageInfo: { hasNextPage: boolean; endCursor: string };
    totalCount: number;
  };
}
const values = async (asOf?: string) => {
  const { indicators } = await gateway.ask<Indicators>(
    'query($planId: ID!, $asOf: DateTime) { indicators(planId: $planId, asOf: $asOf) { edges { node { name value target achieved activityCount } } } }',
    { planId, asOf },
  );
  return indicators.edges.map(({ node: { name, value, target, achieved, activityCount } }) => [
    name,
    value,
    target,
    achieved,
    activityCount,
  ]);
};

it('values are added up over the verified activities that an indicator chose', async () =>
  expect(await values()).toEqual([
    ['Chỉ số 1', 3, 2, '1.5000', 3],
    ['Chỉ số 2', 12, 16, '0.7500', 1],
    ['Chỉ số 3', 100, 300, '0.3333', 3],
    // A target of 0 is never divided by.
    ['Chỉ số 4', 1_100, 0, null, 3],
    ['Chỉ số 5', 1, 4, '0.2500', 1],
    ['Chỉ số 6', 0, 4, '0.0000', 0],
  ]));

const listed = `query($planId: ID!, $first: Int, $after: String) {
  indicators(planId: $planId, first: $first, after: $after) {
    edges { node { name } } pageInfo { hasNextPage endCursor } totalCount } }`;

it('the indicators of a plan come in pages, in the order in which they were defined', async () => {
  const page = async (after?: string) =>
    (await gateway.ask<Indicators>(listed, { planId, first: 4, after })).indicators;
  const first = await page();
  const rest = await page(first.pageInfo.endCursor);
  expect([...first.edges, ...rest.edges].map(({ node }) => node['name'])).toEqual(
    [1, 2, 3, 4, 5, 6].map((n) => `Chỉ số ${n}`),
  );
  expect([first.edges.length, first.totalCount, rest.totalCount]).toEqual([4, 6, 6]);
  expect([first.pageInfo.hasNextPage, rest.pageInfo.hasNextPage]).toEqual([true, false]);
});

it('no page of indicators is longer than 100, and a cursor of another list is refused', async () => {
  const { indicatorContributions } = await gateway.ask<Contributions>(why, { id: id(201), first: 1 });
  for (const [more, argument] of [
    [{ first: 101 }, 'first'],
    [{ after: indicatorContributions.pageInfo.endCursor }, 'after'],
  ] as const)
    expect((await gateway.request(listed, { planId, ...more })).errors?.[0]?.extensions).toMatchObject({
      code: 'BAD_USER_INPUT',
      argument,
    });
});

it('as of an instant the target, the activities and the indicators themselves are those of then', async () => {
  // Recorded by then: two indicators, and no activity yet.
  expect(await values('2022-04-02T12:00:00Z')).toEqual([
    ['Chỉ số 1', 0, 4, '0.0000', 0],
    ['Chỉ số 2', 0, 16, '0.0000', 0],
  ]);
  expect((await values('2022-07-31T00:00:00Z'))[0]).toEqual(['Chỉ số 1', 3, 4, '0.7500', 3]);
});

it('an indicator tells its definition and how its target changed', async () => {
  const query = `query($id: ID!) { indicator(id: $id) {
    id planId name unit measure definedBy { name } contents { title } channels { name } agencies { name } audiences
    revisions { version target reason occurredAt recordedAt } definedAt recordedAt version } }`;
  expect(await gateway.ask(query, { id: id(205) })).toEqual({
    indicator: {
      id: id(205),
      planId,
      name: 'Chỉ số 5',
      unit: 'cuộc',
      measure: 'ACTIVITIES',
      definedBy: { name: 'Sở Nội vụ' },
      contents: [{ title: 'Nội dung 1' }],
      channels: [{ name: 'Hội nghị, tập huấn' }],
      agencies: [{ name: 'UBND huyện Ba Bể' }],
      audiences: [],
      revisions: [
        {
          version: 1,
          target: 4,
          reason: null,
          occurredAt: '2022-04-05T00:00:00.000Z',
          recordedAt: '2022-04-05T00:00:00.000Z',
        },
      ],
      definedAt: '2022-04-05T00:00:00.000Z',
      recordedAt: '2022-04-05T00:00:00.000Z',
      version: 1,
    },
  });
  const { indicator } = await gateway.ask<{ indicator: unknown }>(query, { id: id(201) });
  expect(indicator).toMatchObject({
    version: 2,
    revisions: [{ target: 4 }, { target: 2, reason: 'Điều chỉnh theo thực tế' }],
  });
  expect((await gateway.ask<{ indicator: unknown }>(query, { id: id(203) })).indicator).toMatchObject({
    audiences: ['OFFICIALS'],
    measure: 'REACH',
  });
  expect(await gateway.ask(query, { id: id(299) })).toEqual({ indicator: null });
});

interface Contributions {
  indicatorContributions: {
    edges: { node: { amount: number; activity: { title: string; status: string; evidence: unknown[] } } }[];
    pageInfo: { hasNextPage: boolean; endCursor: string };
    totalCount: number;
  };
}
const why = `query($id: ID!, $first: Int, $after: String, $asOf: DateTime) {
  indicatorContributions(indicatorId: $id, first: $first, after: $after, asOf: $asOf) {
    edges { node { amount activity { title status agency { name } evidence { title } thread { kind } } } }
    pageInfo { hasNextPage endCursor } totalCount } }`;

it.each([1, 2, 3, 4, 5, 6])('the contributions to indicator %i add up to its value', async (n) => {
  const { indicatorContributions } = await gateway.ask<Contributions>(why, { id: id(200 + n) });
  const { indicator } = await gateway.ask<{ indicator: { value: number; activityCount: number } }>(
    `{ indicator(id: "${id(200 + n)}") { value activityCount } }`,
  );
  const amounts = indicatorContributions.edges.map(({ node }) => node.amount);
  expect(amounts.reduce((sum, amount) => sum + amount, 0)).toBe(indicator.value);
  expect(indicatorContributions.totalCount).toBe(indicator.activityCount);
  expect(amounts).toHaveLength(indicator.activityCount);
});

it('a contribution leads to the activity and its evidence', async () => {
  const { indicatorContributions } = await gateway.ask<Contributions>(why, { id: id(202) });
  expect(indicatorContributions.edges).toEqual([
    {
      node: {
        amount: 12,
        activity: {
          title: 'Hội nghị 2',
          status: 'VERIFIED',
          agency: { name: 'UBND huyện Ba Bể' },
          evidence: [{ title: 'Bài đăng' }],
          thread: ['DRAFTED', 'EVIDENCE_ATTACHED', 'SUBMITTED', 'VERIFIED'].map((kind) => ({ kind })),
        },
      },
    },
  ]);
});

it('contributions come in pages, and as of an instant', async () => {
  const { indicatorContributions: first } = await gateway.ask<Contributions>(why, { id: id(201), first: 2 });
  const { indicatorContributions: rest } = await gateway.ask<Contributions>(why, {
    id: id(201),
    first: 2,
    after: first.pageInfo.endCursor,
  });
  const titles = [...first.edges, ...rest.edges].map(({ node }) => node.activity.title);
  expect(titles).toEqual(['Hội nghị 3', 'Hội nghị 2', 'Hội nghị 1']);
  expect([first.pageInfo.hasNextPage, rest.pageInfo.hasNextPage]).toEqual([true, false]);
  const before = { id: id(201), asOf: '2022-05-11T02:02:30Z' };
  expect((await gateway.ask<Contributions>(why, before)).indicatorContributions.edges).toEqual([]);
});

it('a verification shows in the value as soon as it is recorded, and not in the value as of before', async () => {
  gateway.reporting.add(id(1_005), ActivityVerified({ activityId: id(1_005), verifiedBy: standing }), {
    recordedAt: '2022-09-01T00:00:00Z',
  });
  await gateway.deliver();
  expect((await values())[0]).toEqual(['Chỉ số 1', 4, 2, '2.0000', 4]);
  expect((await values('2022-08-31T23:59:59Z'))[0]).toEqual(['Chỉ số 1', 3, 2, '1.5000', 3]);
});

it('sums may grow beyond 32 bits', async () => {
  define(gateway.monitoring, 7, { measure: 'reach', audiences: ['businesses'] }, '2022-10-01T00:00:00Z');
  for (let n = 0; n < 25; n += 1) {
    carryOut(
      gateway.reporting,
      400 + n,
      'verified',
      { reach: [{ audience: 'businesses', people: 100_000_000 }] },
      '2022-10-01T00:00:00Z',
    );
  }
  await gateway.deliver();
  expect((await values()).at(-1)).toEqual(['Chỉ số 7', 2_500_000_000, 4, '625000000.0000', 29]);
});
