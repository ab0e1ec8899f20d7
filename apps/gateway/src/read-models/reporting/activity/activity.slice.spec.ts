import { ActivitySubmitted, ActivityVerified, EvidenceAttached } from '@loa/contracts-reporting';
import { id } from '../../events.fixtures.js';
import { QueryGateway } from '../../gateway.fixtures.js';
import {
  carryOut,
  content2,
  correct,
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
let storied: string;
const otherPlan = id(2);

beforeAll(async () => {
  gateway = await QueryGateway.start();
  const { planning, reporting } = gateway;
  registerAgencies(planning);
  draftPlan(planning);
  issue(planning);
  storied = carryOut(reporting, 1, 'returned');
  const add = (fact: Parameters<typeof reporting.add>[1], recordedAt: string) =>
    reporting.add(storied, fact, { recordedAt, occurredAt: '2022-05-19T01:00:00Z' });
  correct(
    reporting,
    storied,
    { contentId: content2, reach: [{ audience: 'citizens', people: 40 }] },
    '2022-05-20T01:00:00Z',
  );
  const file = {
    sha256: 'ab'.repeat(32),
    bytes: 1_234,
    mediaType: 'image/png',
    name: 'Ảnh hội nghị & danh sách.png',
  };
  add(
    EvidenceAttached({ activityId: storied, evidenceId: id(60_000), title: 'Ảnh', file }),
    '2022-05-20T02:00:00Z',
  );
  add(ActivitySubmitted({ activityId: storied, agencyId: districtA, planId }), '2022-05-20T03:00:00Z');
  add(ActivityVerified({ activityId: storied, verifiedBy: standing }), '2022-05-21T01:00:00Z');
  // Held one a day from 1/6/2022 08:00 in Vietnam.
  for (let n = 2; n <= 9; n += 1) {
    const day = new Date(Date.UTC(2022, 5, n - 1, 1)).toISOString();
    carryOut(
      reporting,
      n,
      n % 2 === 0 ? 'submitted' : 'draft',
      {
        agencyId: n < 6 ? districtA : districtB,
        channelId: n === 9 ? papers : meetings,
        planId: n === 8 ? otherPlan : planId,
        held: { from: day, to: day },
      },
      '2022-06-20T00:00:00Z',
    );
  }
  // Two that were held at the same moment: the id decides, and none gets lost between pages.
  const noon = '2022-06-08T05:00:00Z';
  for (const n of [20, 21, 22])
    carryOut(reporting, n, 'draft', { held: { from: noon, to: noon } }, '2022-06-21T00:00:00Z');
  await gateway.deliver();
});
afterAll(() => gateway.close());

const whole = `query($id: ID!, $asOf: DateTime) { activity(id: $id, asOf: $asOf) {
  agencyId agency { name } plan { title number symbol status issuedOn } content { title } channel { name unit }
  title held { from to } reportingPeriod { year quarter } place quantity reach { audience people } status
  evidence { id title link file { sha256 bytes mediaType name url } }
  draftedAt submittedAt verifiedAt returnReason recordedAt version
  thread { version kind by { name } byAgencyId occurredAt recordedAt reason changes { field from to } }
} }`;

it('an activity is answered whole, with its thread', async () =>
  expect(await gateway.ask(whole, { id: storied })).toMatchSnapshot());

it('as of an instant it is what was recorded by then, and so is its thread', async () => {
  const { activity } = await gateway.ask<{ activity: Record<string, unknown> }>(whole, {
    id: storied,
    asOf: '2022-05-19T00:00:00Z',
  });
  expect(activity).toMatchObject({
    status: 'RETURNED',
    returnReason: 'Thiếu danh sách 1',
    verifiedAt: null,
    version: 4,
    content: { title: 'Nội dung 1' },
    evidence: [{ title: 'Bài đăng', link: 'https://example.org/1', file: null }],
  });
  expect(activity['thread']).toHaveLength(4);
  expect(await gateway.ask(whole, { id: storied, asOf: '2022-05-01T00:00:00Z' })).toEqual({ activity: null });
});

interface Activities {
  activities: {
    edges: { node: { title: string } }[];
    pageInfo: { hasNextPage: boolean; endCursor: string };
    totalCount: number;
  };
}
const list = `query($planId: ID, $agencyId: ID, $contentId: ID, $channelId: ID, $status: ActivityStatus, $heldFrom: Date,
    $heldTo: Date, $first: Int, $after: String, $asOf: DateTime) {
  activities(planId: $planId, agencyId: $agencyId, contentId: $contentId, channelId: $channelId, status: $status,
      heldFrom: $heldFrom, heldTo: $heldTo, first: $first, after: $after, asOf: $asOf) {
    edges { node { title } } pageInfo { hasNextPage endCursor } totalCount } }`;
const found = async (variables: Record<string, unknown>) =>
  (await gateway.ask<Activities>(list, variables)).activities.edges.map(({ node }) =>
    Number(node.title.replace('Hội nghị ', '')),
  );

it.each<[Record<string, unknown>, number[]]>([
  [{}, [9, 22, 21, 20, 8, 7, 6, 5, 4, 3, 2, 1].sort((a, b) => order(b) - order(a))],
  [{ planId: otherPlan }, [8]],
  [{ agencyId: districtB }, [9, 8, 7, 6]],
  [{ contentId: content2 }, [1]],
  [{ channelId: papers }, [9]],
  [{ status: 'SUBMITTED' }, [8, 6, 4, 2]],
  [{ planId, status: 'SUBMITTED', agencyId: districtA }, [4, 2]],
  // Days of the programme: 1/6 08:00 there is 1/6 01:00 UTC.
  [{ heldFrom: '2022-06-01', heldTo: '2022-06-02' }, [3, 2]],
  [{ heldTo: '2022-05-31' }, [1]],
  [{ heldFrom: '2022-06-09' }, []],
])('%j finds %j', async (variables, numbers) => expect(await found(variables)).toEqual(numbers));

/** 1 was held in May, 2 to 9 on 1 to 8 June at 8, the rest on 8 June at noon. */
function order(n: number): number {
  return n >= 20 ? 9.5 + n / 1_000 : n;
}

it('pages lead through the whole list, each activity once', async () => {
  const paged: number[] = [];
  let after: string | null = null;
  for (let page = 0; page < 20; page += 1) {
    const { activities }: Activities = await gateway.ask<Activities>(list, { first: 2, after });
    paged.push(...activities.edges.map(({ node }) => Number(node.title.replace('Hội nghị ', ''))));
    expect(activities.totalCount).toBe(12);
    after = activities.pageInfo.endCursor;
    if (!activities.pageInfo.hasNextPage) break;
  }
  expect(paged).toEqual(await found({ first: 100 }));
});

it('as of an instant the list and its filters see what was recorded by then', async () => {
  expect(await found({ asOf: '2022-05-15T00:00:00Z', status: 'RETURNED' })).toEqual([1]);
  expect(await found({ asOf: '2022-05-20T03:30:00Z', status: 'SUBMITTED' })).toEqual([1]);
  expect(await found({ asOf: '2022-05-20T00:00:00Z', contentId: content2 })).toEqual([]);
  expect(await found({ asOf: '2022-06-19T00:00:00Z' })).toEqual([1]);
});

it.each([
  ['heldFrom', { heldFrom: '2022-02-30' }],
  ['heldTo', { heldTo: 'mai' }],
  ['planId', { planId: '211' }],
  ['asOf', { asOf: '2022' }],
])('%s must make sense', async (argument, variables) => {
  const { errors } = await gateway.request(list, variables);
  expect(errors?.[0]?.extensions).toMatchObject({
    code: 'BAD_USER_INPUT',
    messages: { vi: expect.stringContaining(argument), en: expect.stringContaining(argument) },
  });
});

it('the far ends of the calendar are no error', async () => {
  expect(await found({ heldFrom: '0000-01-01', heldTo: '9999-12-31', first: 1 })).toHaveLength(1);
  expect(await found({ asOf: '0001-01-01T00:00:00+07:00' })).toEqual([]);
  expect(await found({ asOf: '9999-12-31T23:59:59-07:00', first: 1 })).toHaveLength(1);
});

it('an activity that arrives before its plan and agency leaves gaps, not errors', async () => {
  const activityId = carryOut(
    gateway.reporting,
    90,
    'draft',
    { agencyId: id(98), planId: id(99) },
    '2022-07-01T00:00:00Z',
  );
  await gateway.deliver();
  const { activity } = await gateway.ask<{ activity: unknown }>(
    `{ activity(id: "${activityId}") { agencyId agency { name } plan { title } content { title } channel { name }
         thread { by { name } changes { field } } } }`,
  );
  expect(activity).toEqual({
    agencyId: id(98),
    agency: null,
    plan: null,
    content: null,
    channel: null,
    thread: [{ by: null, changes: [] }],
  });
});
