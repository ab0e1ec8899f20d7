import { bacKanWorld } from '@loa/seed';

export interface StoryQuery {
  readonly name: string;
  readonly query: string;
}

const { plan, agencies, activities, indicators } = bacKanWorld();
// One of a commune that came back, was corrected, handed in again and verified.
const returned = Object.values(activities).find(
  ({ agencyKey, commands }) =>
    agencyKey.startsWith('xa-') &&
    ['ReturnActivity', 'CorrectActivity', 'VerifyActivity'].every((name) =>
      commands.some(({ contract }) => contract.name === name),
    ),
);

/**
 * Questions about the demo world, in the order of its story: ready in the explorer. The README shows some of them with
 * their answers; a test asks all of them, and compares.
 */
export const storyQueries: readonly StoryQuery[] = [
  {
    name: '1 Plan 211/KH-UBND',
    query: `# The plan, its contents, and who was assigned what until when.
{
  plan(id: "${plan.id}") {
    number symbol issuedOn title status
    issuer { name }
    standingAgency { name }
    provenance { author }
    contents { ordinal title illustrative }
    assignments { mode content { title } deadline { kind text } leads { agency { name } acknowledgedAt } }
  }
}`,
  },
  {
    name: '2 Waiting for verification',
    query: `# What Sở Nội vụ has to verify.
{
  activities(planId: "${plan.id}", status: SUBMITTED, first: 5) {
    totalCount
    edges { node { id title agency { name } held { from } submittedAt evidence { title link } } }
    pageInfo { hasNextPage endCursor }
  }
}`,
  },
  {
    name: '3 One activity and its thread',
    query: `# Everything that happened to one activity, and what changed.
{
  activity(id: "${returned!.id}") {
    title status version
    agency { name }
    reach { audience people }
    thread { version kind by { name } occurredAt reason changes { field from to } }
  }
}`,
  },
  {
    name: '4 Indicators',
    query: `# What is measured, how far it is, and how the target changed.
{
  indicators(planId: "${plan.id}") {
    edges {
      node {
        name unit measure target value achieved activityCount
        revisions { target reason }
      }
    }
  }
}`,
  },
  {
    name: '5 Why this figure?',
    query: `# The verified activities that make up one figure.
{
  indicatorContributions(indicatorId: "${indicators['hoi-nghi-can-bo'].id}", first: 5) {
    totalCount
    edges { node { amount activity { id title agency { name } evidence { title link } } } }
  }
}`,
  },
  {
    name: '6 Coverage: content × agency',
    query: `# Which agency has done what for which content.
{
  coverage(planId: "${plan.id}", first: 5) {
    rows { agency { name } verified submitted cells { contentId mode role verified submitted returned drafted } }
    contentsWithoutActivity { title }
  }
}`,
  },
  {
    name: '7 The board of an agency',
    query: `# How a district stood on 1 December 2022: what it owes, what is late, what came back.
{
  board(planId: "${plan.id}", agencyId: "${agencies['huyen-ba-be']!.id}", on: "2022-12-01") {
    counts { drafted submitted returned verified }
    assignments { standing acknowledgedAt assignment { mode content { title } deadline { kind text } } }
    returned { title returnReason }
  }
}`,
  },
  {
    name: '8 A requested body that reported nothing',
    query: `# Ban Dân vận was asked and owes no report: neither late nor missing.
{
  board(planId: "${plan.id}", agencyId: "${agencies['ban-dan-van'].id}", on: "2023-06-30") {
    assignments { standing assignment { mode content { title } } }
  }
}`,
  },
  {
    name: '9 A command',
    query: `# A wish that is refused: this agency did not record the activity. Say it in English with message(lang: EN).
mutation {
  submitActivity(input: { activityId: "${returned!.id}", agencyId: "${agencies['mttq-tinh'].id}" }) {
    ... on CommandAccepted { id version position }
    ... on SubmitActivityRefused { code field message }
  }
}`,
  },
];
