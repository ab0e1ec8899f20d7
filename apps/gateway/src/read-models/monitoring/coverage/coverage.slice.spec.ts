import { id } from '../../events.fixtures.js';
import { QueryGateway } from '../../gateway.fixtures.js';
import {
  assign,
  carryOut,
  content1,
  content2,
  content3,
  districtA,
  districtB,
  draftPlan,
  front,
  issue,
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
  assign(planning, 1, { leads: [districtA, districtB], coordinators: [standing] });
  assign(planning, 2, { contentId: content2, mode: 'requested', leads: [front] });
  // The same content again: as a lead here, as a coordinator there. The lead goes first.
  assign(planning, 3, { contentId: content2, leads: [districtA], coordinators: [front] });
  assign(planning, 4, { contentId: content1, leads: [standing], coordinators: [districtA] });
  issue(planning);
  carryOut(reporting, 1, 'verified');
  carryOut(reporting, 2, 'verified');
  carryOut(reporting, 3, 'returned');
  carryOut(reporting, 4, 'submitted', { contentId: content2 });
  // Nobody asked for it, but it was done.
  carryOut(reporting, 5, 'draft', { agencyId: press, contentId: content2 }, '2022-06-01T00:00:00Z');
  carryOut(reporting, 6, 'verified', { planId: id(2), contentId: content3 });
  await gateway.deliver();
});
afterAll(() => gateway.close());

const query = `query($planId: ID!, $agencyIds: [ID!], $contentIds: [ID!], $first: Int, $after: String, $asOf: DateTime) {
  coverage(planId: $planId, agencyIds: $agencyIds, contentIds: $contentIds, first: $first, after: $after, asOf: $asOf) {
    planId contents { ordinal } contentsWithoutActivity { title }
    rows { agencyId agency { name } drafted submitted returned verified
           cells { contentId mode role drafted submitted returned verified } }
    pageInfo { hasNextPage endCursor } } }`;

interface Cell {
  contentId: string;
  mode: string | null;
  role: string;
  verified: number;
}
interface Coverage {
  coverage: {
    contents: { ordinal: number }[];
    contentsWithoutActivity: { title: string }[];
    rows: { agencyId: string; agency: { name: string }; verified: number; cells: Cell[] }[];
    pageInfo: { hasNextPage: boolean; endCursor: string };
  };
}
const coverage = async (variables: Record<string, unknown> = {}) =>
  (await gateway.ask<Coverage>(query, { planId, ...variables })).coverage;

const none = { drafted: 0, submitted: 0, returned: 0, verified: 0 };

it('every agency has a cell for what it was assigned and for what it did', async () => {
  const { rows, contents, contentsWithoutActivity } = await coverage();
  expect(contents.map(({ ordinal }) => ordinal)).toEqual([1, 2, 3]);
  expect(contentsWithoutActivity).toEqual([{ title: 'Nội dung 3' }]);
  expect(rows).toEqual([
    {
      agencyId: press,
      agency: { name: 'Báo Bắc Kạn' },
      ...none,
      drafted: 1,
      cells: [{ contentId: content2, mode: null, role: 'NONE', ...none, drafted: 1 }],
    },
    {
      agencyId: standing,
      agency: { name: 'Sở Nội vụ' },
      ...none,
      cells: [{ contentId: content1, mode: 'ASSIGNED', role: 'LEAD', ...none }],
    },
    {
      agencyId: districtA,
      agency: { name: 'UBND huyện Ba Bể' },
      drafted: 0,
      submitted: 1,
      returned: 1,
      verified: 2,
      cells: [
        { contentId: content1, mode: 'ASSIGNED', role: 'LEAD', ...none, returned: 1, verified: 2 },
        { contentId: content2, mode: 'ASSIGNED', role: 'LEAD', ...none, submitted: 1 },
      ],
    },
    {
      agencyId: districtB,
      agency: { name: 'UBND huyện Chợ Đồn' },
      ...none,
      cells: [{ contentId: content1, mode: 'ASSIGNED', role: 'LEAD', ...none }],
    },
    {
      agencyId: front,
      agency: { name: 'Ủy ban Mặt trận Tổ quốc tỉnh' },
      ...none,
      cells: [{ contentId: content2, mode: 'REQUESTED', role: 'LEAD', ...none }],
    },
  ]);
});

it('can be asked for some agencies and some contents', async () => {
  const some = await coverage({ agencyIds: [districtA, front], contentIds: [content2, content3] });
  expect(some.contents.map(({ ordinal }) => ordinal)).toEqual([2, 3]);
  expect(some.rows.map(({ agencyId, cells }) => [agencyId, cells.map(({ contentId }) => contentId)])).toEqual(
    [
      [districtA, [content2]],
      [front, [content2]],
    ],
  );
  expect(some.contentsWithoutActivity).toEqual([{ title: 'Nội dung 3' }]);
  expect((await coverage({ agencyIds: [] })).rows).toEqual([]);
});

it('comes in pages of agencies', async () => {
  const names: string[] = [];
  let after: string | null = null;
  do {
    const { rows, pageInfo }: Coverage['coverage'] = await coverage({ first: 2, after });
    names.push(...rows.map(({ agency }) => agency.name));
    after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
  } while (after !== null);
  expect(names).toEqual((await coverage()).rows.map(({ agency }) => agency.name));
});

it('as of an instant it is what was recorded by then', async () => {
  const drafted = await coverage({ asOf: '2022-03-01T00:00:00Z' });
  expect(drafted.contentsWithoutActivity).toHaveLength(3);
  expect(drafted.rows.map(({ agencyId }) => agencyId)).not.toContain(press);
  const then = await coverage({ asOf: '2022-05-11T02:02:30Z' });
  expect(then.rows.find(({ agencyId }) => agencyId === districtA)).toMatchObject({
    submitted: 4,
    verified: 0,
  });
  expect(await gateway.ask(query, { planId, asOf: '2022-01-31T00:00:00Z' })).toEqual({ coverage: null });
});

it.each([
  ['agencyIds.1', { agencyIds: [districtA, 'ba-be'] }],
  ['contentIds', { contentIds: Array.from({ length: 501 }, () => content1) }],
])('%s must make sense', async (argument, variables) => {
  const { errors } = await gateway.request(query, { planId, ...variables });
  expect(errors?.[0]?.extensions).toMatchObject({
    code: 'BAD_USER_INPUT',
    messages: { vi: expect.stringContaining(argument), en: expect.stringContaining(argument) },
  });
});
