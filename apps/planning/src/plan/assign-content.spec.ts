import { AssignContent, ContentAssigned } from '@loa/contracts-planning';
import { given } from '@loa/event-sourcing';
import { planDecider } from './plan.decider.js';
import {
  agencies,
  agency,
  assigned,
  assignment,
  contentAdded,
  drafted,
  drafter,
  issued,
  stranger,
} from './plan.fixtures.js';

const assign = { agencyId: drafter, ...assignment };

it('assigns a content', () =>
  given(planDecider, drafted, contentAdded).when(AssignContent, assign, { agencies }).emits(assigned));

it('keeps an agency that is named twice once, as lead', () =>
  given(planDecider, drafted, contentAdded)
    .when(
      AssignContent,
      { ...assign, leads: [agency, agency], coordinators: [agency, drafter] },
      { agencies },
    )
    .emits(ContentAssigned(assignment)));

it('refuses a content of no such plan', () =>
  given(planDecider, drafted)
    .when(AssignContent, assign, { agencies })
    .refuses('content-not-in-plan', { field: 'contentId' }));

it('names the lead that is not in the directory', () =>
  given(planDecider, drafted, contentAdded)
    .when(AssignContent, { ...assign, leads: [agency, stranger] }, { agencies })
    .refuses('agency-not-found', { field: 'leads.1' }));

it('refuses a target on a channel the plan does not have', () =>
  given(planDecider, drafted, contentAdded)
    .when(AssignContent, { ...assign, target: { quantity: 4, channelId: stranger } }, { agencies })
    .refuses('channel-not-in-plan', { field: 'target.channelId' }));

it('refuses once issued', () =>
  given(planDecider, drafted, contentAdded, issued)
    .when(AssignContent, assign, { agencies })
    .refuses('already-issued'));

it('names the coordinator that is not in the directory', () =>
  given(planDecider, drafted, contentAdded)
    .when(AssignContent, { ...assign, coordinators: [drafter, stranger] }, { agencies })
    .refuses('agency-not-found', { field: 'coordinators.1' }));

it('refuses an assignment twice', () =>
  given(planDecider, drafted, contentAdded, assigned)
    .when(AssignContent, assign, { agencies })
    .refuses('assignment-exists', { field: 'assignmentId' }));

it('refuses anybody but the agency that drafts the plan', () =>
  given(planDecider, drafted, contentAdded)
    .when(AssignContent, { ...assign, agencyId: agency }, { agencies })
    .refuses('not-the-drafter'));

it('refuses without a plan', () =>
  given(planDecider).when(AssignContent, assign, { agencies }).refuses('plan-not-found'));
