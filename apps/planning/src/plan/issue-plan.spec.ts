import { ContentAssigned, IssuePlan } from '@loa/contracts-planning';
import { given } from '@loa/event-sourcing';
import { numberClaim } from './issue-plan.js';
import { planDecider } from './plan.decider.js';
import {
  assigned,
  assignment,
  assignmentId,
  contentAdded,
  contentId,
  drafted,
  drafter,
  issued,
  issuer,
  number,
  planId,
} from './plan.fixtures.js';

const issue = { planId, agencyId: issuer, ...number };

it('issues the plan and claims its number', () =>
  given(planDecider, drafted, contentAdded, assigned)
    .when(IssuePlan, issue)
    .accepts({
      events: [issued],
      warnings: [],
      claims: [
        {
          key: `document-number:${issuer}:2022:211/KH-UBND`,
          otherwise: 'number-taken',
          details: { number: '211/KH-UBND', year: '2022' },
        },
      ],
    }));

it('takes 05 and 5 for one number', () =>
  expect(numberClaim(issuer, '2022', '05', 'KH-UBND')).toBe(numberClaim(issuer, '2022', '5', 'kh-ubnd')));

it('warns of a deadline before the issue date, and issues all the same', () =>
  given(
    planDecider,
    drafted,
    contentAdded,
    ContentAssigned({ ...assignment, deadline: { kind: 'by-date', date: '2022-03-30' } }),
  )
    .when(IssuePlan, issue)
    .accepts({
      events: [issued],
      warnings: [
        {
          code: 'deadline-before-issue',
          field: `assignments.${assignmentId}`,
          details: { deadline: '2022-03-30' },
        },
      ],
    }));

it('warns of a content that nobody leads', () =>
  given(planDecider, drafted, contentAdded)
    .when(IssuePlan, issue)
    .accepts({ warnings: [{ code: 'content-without-lead', field: `contents.${contentId}` }] }));

it('refuses anybody but the issuer', () =>
  given(planDecider, drafted, contentAdded)
    .when(IssuePlan, { ...issue, agencyId: drafter })
    .refuses('not-the-issuer'));
it('refuses an empty plan', () => given(planDecider, drafted).when(IssuePlan, issue).refuses('no-content'));
it('refuses to issue twice', () =>
  given(planDecider, drafted, contentAdded, issued).when(IssuePlan, issue).refuses('already-issued'));
it('refuses without a plan', () => given(planDecider).when(IssuePlan, issue).refuses('plan-not-found'));
