import { bacKanWorld } from '@loa/seed';

/** A question as a front end asks it, and how the JSON of its SQL is to be read as the same answer. */
export interface Document {
  readonly name: string;
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  /** From what the SQL answers: the data of the answer, at least as much as the document asks for. */
  readonly told: (answer: never) => unknown;
}

interface List {
  readonly rows: readonly { readonly node: object }[];
  readonly total?: number;
}
type Counts = Readonly<Record<'drafted' | 'submitted' | 'returned' | 'verified', number>>;
interface Coverage {
  readonly planId: string;
  readonly rows: readonly { readonly node: { readonly cells: readonly Counts[] } }[];
}
interface Board {
  readonly planId: string;
  readonly agency: object;
  readonly returned: readonly object[];
  readonly duties: readonly object[];
  readonly tallies: readonly Counts[];
}

const PAGE = 20;
const { plan, agencies } = bacKanWorld();
const planId = plan.id;
const agencyId = agencies['huyen-ba-be']!.id;

const totals = (list: readonly Counts[]) =>
  Object.fromEntries(
    (['drafted', 'submitted', 'returned', 'verified'] as const).map((name) => [
      name,
      list.reduce((sum, counts) => sum + counts[name], 0),
    ]),
  );

export const documents: readonly Document[] = [
  {
    name: 'plan with contents and assignments',
    query: `query Plan($planId: ID!) { plan(id: $planId) {
      number symbol issuedOn title year status purposes requirements version
      issuer { id name } standingAgency { id name }
      contents { id ordinal title illustrative }
      channels { id ordinal name unit }
      assignments { id mode content { id title } deadline { kind date year text } output
        leads { agency { id name } acknowledgedAt } coordinators { agency { id name } } }
    } }`,
    variables: { planId },
    told: (answer: object) => ({ plan: answer }),
  },
  {
    name: `page of ${PAGE} activities`,
    query: `query Activities($planId: ID!, $first: Int) { activities(planId: $planId, first: $first) {
      totalCount pageInfo { hasNextPage }
      edges { node { id title status version place quantity agency { id name } content { id title }
        channel { id name unit } held { from to } reach { audience people } submittedAt verifiedAt returnReason } }
    } }`,
    variables: { planId, first: PAGE },
    told: ({ rows, total }: List) => ({
      activities: {
        totalCount: total,
        pageInfo: { hasNextPage: rows.length > PAGE },
        edges: rows.slice(0, PAGE),
      },
    }),
  },
  {
    name: 'indicators with values',
    query: `query Indicators($planId: ID!, $first: Int) { indicators(planId: $planId, first: $first) {
      edges { node { id name unit measure target value activityCount achieved version definedBy { id name } } }
    } }`,
    variables: { planId, first: PAGE },
    told: ({ rows }: List) => ({ indicators: { edges: rows.slice(0, PAGE) } }),
  },
  {
    name: `coverage, first ${PAGE} agencies`,
    query: `query Coverage($planId: ID!, $first: Int) { coverage(planId: $planId, first: $first) { planId
      rows { agencyId agency { id name } verified submitted returned drafted
        cells { contentId mode role verified submitted returned drafted } }
    } }`,
    variables: { planId, first: PAGE },
    told: ({ rows, ...rest }: Coverage) => ({
      coverage: {
        ...rest,
        rows: rows.slice(0, PAGE).map(({ node }) => ({ ...node, ...totals(node.cells) })),
      },
    }),
  },
  {
    name: 'board of a district',
    query: `query Board($planId: ID!, $agencyId: ID!, $on: Date) {
      board(planId: $planId, agencyId: $agencyId, on: $on) {
        planId agency { id name } counts { drafted submitted returned verified }
        assignments { acknowledgedAt assignment { id mode content { id title } deadline { kind date text } } }
        returned { id title returnReason version }
    } }`,
    variables: { planId, agencyId, on: '2022-12-01' },
    told: ({ duties, tallies, ...rest }: Board) => ({
      board: { ...rest, assignments: duties, counts: totals(tallies) },
    }),
  },
];
