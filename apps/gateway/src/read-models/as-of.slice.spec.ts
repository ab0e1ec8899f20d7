import { TargetRevised } from '@loa/contracts-monitoring';
import { AssignmentAcknowledged } from '@loa/contracts-planning';
import { ActivitySubmitted, ActivityVerified, EvidenceWithdrawn } from '@loa/contracts-reporting';
import { buildSchema, Kind, parse } from 'graphql';
import { apiSchema } from '../schema.js';
import { id } from './events.fixtures.js';
import { QueryGateway } from './gateway.fixtures.js';
import {
  assign,
  assignment,
  carryOut,
  content2,
  correct,
  define,
  districtA,
  districtB,
  draftPlan,
  front,
  issue,
  papers,
  planId,
  registerAgencies,
  standing,
} from './world.fixtures.js';

// Every question there is, in one operation.
const agency = 'id name kind level gsoCode parentId parent { name } registeredAt recordedAt version';
const assignments = `assignments { id content { title } mode leads { agency { name } acknowledgedAt }
  coordinators { agencyId } deadline { kind date year text } target { quantity channel { name } } output asWritten }`;
const plan = `id status number symbol issuedOn title year issuer { name } standingAgency { name } contents { title }
  channels { name } ${assignments} draftedAt issuedAt recordedAt version`;
const activity = `id agency { name } plan { number } content { title } channel { name } title held { from to }
  reportingPeriod { quarter } quantity reach { audience people } status evidence { id title } submittedAt verifiedAt
  returnReason recordedAt version thread { version kind by { name } recordedAt reason changes { field from to } }`;
const indicator =
  'id name target value achieved activityCount revisions { target reason recordedAt } version';
const counts = 'drafted submitted returned verified';
const standings = 'standings { fulfilled underWay notStarted late takingPart invited coordinating }';

const everything = [
  `query($asOf: DateTime) {
    agency(id: "${districtA}", asOf: $asOf) { ${agency} }
    agencies(search: "ban", asOf: $asOf) { totalCount edges { node { ${agency} } } }
    plan(id: "${planId}", asOf: $asOf) { ${plan} }
    plans(asOf: $asOf) { totalCount edges { node { id status version } } }
    activity(id: "${id(1_001)}", asOf: $asOf) { ${activity} }
    activities(planId: "${planId}", asOf: $asOf) { totalCount edges { node { ${activity} } } }
    submitted: activities(status: SUBMITTED, asOf: $asOf) { edges { node { id } } }
  }`,
  `query($asOf: DateTime) {
    indicator(id: "${id(201)}", asOf: $asOf) { ${indicator} }
    indicators(planId: "${planId}", asOf: $asOf) { totalCount edges { node { ${indicator} } } }
    indicatorContributions(indicatorId: "${id(201)}", asOf: $asOf) { edges { node { amount activity { id } } } }
    coverage(planId: "${planId}", asOf: $asOf) {
      contentsWithoutActivity { title } rows { agency { name } ${counts} cells { contentId mode role ${counts} } } }
    board(planId: "${planId}", agencyId: "${districtA}", on: "2022-12-01", asOf: $asOf) {
      counts { ${counts} } ${standings} returned { id returnReason }
      assignments { assignment { id } role standing verified reached acknowledgedAt } }
    planProgress(planId: "${planId}", on: "2022-12-01", asOf: $asOf) {
      edges { node { agency { name } counts { ${counts} } ${standings} } } }
  }`,
];

let gateway: QueryGateway;
beforeAll(async () => {
  gateway = await QueryGateway.start();
});
afterAll(() => gateway.close());

const answers = (asOf?: string) => Promise.all(everything.map((query) => gateway.ask(query, { asOf })));

/** What happened, in the order in which it was recorded: each step begins after everything before it was recorded. */
const story: [recordedUntil: string, (world: QueryGateway) => void][] = [
  ['2022-01-31T00:00:00Z', ({ planning }) => registerAgencies(planning)],
  [
    '2022-02-28T00:00:00Z',
    ({ planning }) => {
      draftPlan(planning);
      assign(planning, 1, { leads: [districtA, districtB], coordinators: [standing] });
      assign(planning, 2, { contentId: content2, mode: 'requested', leads: [front] });
    },
  ],
  ['2022-04-02T00:00:00Z', ({ planning, monitoring }) => void [issue(planning), define(monitoring, 1)]],
  [
    '2022-04-30T00:00:00Z',
    ({ planning }) =>
      planning.add(
        id(900),
        AssignmentAcknowledged({ planId, assignmentId: assignment(1).assignmentId, agencyId: districtA }),
        { recordedAt: '2022-04-03T00:00:00Z' },
      ),
  ],
  [
    '2022-05-12T00:00:00Z',
    ({ reporting }) => {
      carryOut(reporting, 1, 'returned');
      carryOut(reporting, 2, 'submitted', { agencyId: districtB });
      carryOut(reporting, 3, 'verified', {
        agencyId: front,
        contentId: content2,
        channelId: papers,
        quantity: 4,
      });
    },
  ],
  [
    '2022-05-14T00:00:00Z',
    ({ reporting }) => correct(reporting, id(1_001), { quantity: 3 }, '2022-05-13T00:00:00Z'),
  ],
  [
    '2022-05-16T00:00:00Z',
    ({ reporting }) => {
      const add = (fact: Parameters<typeof reporting.add>[1]) =>
        reporting.add(id(1_001), fact, { recordedAt: '2022-05-15T00:00:00Z' });
      add(EvidenceWithdrawn({ activityId: id(1_001), evidenceId: id(50_001) }));
      add(ActivitySubmitted({ activityId: id(1_001), agencyId: districtA, planId }));
    },
  ],
  [
    '2022-05-18T00:00:00Z',
    ({ reporting, monitoring }) => {
      reporting.add(id(1_001), ActivityVerified({ activityId: id(1_001), verifiedBy: standing }), {
        recordedAt: '2022-05-17T00:00:00Z',
      });
      monitoring.add(id(201), TargetRevised({ indicatorId: id(201), target: 2, reason: 'Điều chỉnh' }), {
        recordedAt: '2022-05-17T12:00:00Z',
      });
    },
  ],
];

it('every question that the API answers as of an instant is among them', () => {
  const takeAsOf = Object.values(buildSchema(apiSchema()).getQueryType()!.getFields())
    .filter(({ args }) => args.some(({ name }) => name === 'asOf'))
    .map(({ name }) => name);
  const asked = everything.flatMap((query) =>
    parse(query).definitions.flatMap((definition) =>
      definition.kind === Kind.OPERATION_DEFINITION ? definition.selectionSet.selections : [],
    ),
  );
  const names = asked.flatMap((one) => (one.kind === Kind.FIELD ? [one.name.value] : []));
  expect([...new Set(names)].sort()).toEqual(takeAsOf.sort());
});

it('every question, asked as of any instant, is answered as it was answered then', async () => {
  const then: [string, unknown][] = [['2022-01-01T00:00:00Z', await answers()]];
  for (const [instant, happen] of story) {
    happen(gateway);
    await gateway.deliver();
    then.push([instant, await answers()]);
  }
  for (const [instant, answered] of then)
    expect([instant, await answers(instant)]).toEqual([instant, answered]);
  // Each step showed: or the comparison would be of nothing with nothing.
  expect(new Set(then.map(([, answered]) => JSON.stringify(answered))).size).toBe(then.length);
});
