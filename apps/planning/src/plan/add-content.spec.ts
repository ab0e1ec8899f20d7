import { AddContent } from '@loa/contracts-planning';
import { given } from '@loa/event-sourcing';
import { planDecider } from './plan.decider.js';
import { content, contentAdded, drafted, drafter, issued, planId, stranger } from './plan.fixtures.js';

const add = { planId, agencyId: drafter, ...content };

it('adds a content and numbers it', () =>
  given(planDecider, drafted).when(AddContent, add).emits(contentAdded));
it('refuses a content twice', () =>
  given(planDecider, drafted, contentAdded)
    .when(AddContent, add)
    .refuses('content-exists', { field: 'contentId' }));
it('refuses another agency', () =>
  given(planDecider, drafted)
    .when(AddContent, { ...add, agencyId: stranger })
    .refuses('not-the-drafter'));
it('refuses once issued', () =>
  given(planDecider, drafted, contentAdded, issued).when(AddContent, add).refuses('already-issued'));
it('refuses without a plan', () => given(planDecider).when(AddContent, add).refuses('plan-not-found'));
