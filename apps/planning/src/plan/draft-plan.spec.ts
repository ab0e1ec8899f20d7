import { DraftPlan } from '@loa/contracts-planning';
import { given } from '@loa/event-sourcing';
import { planDecider } from './plan.decider.js';
import { agencies, drafted, drafter, issuer, planId, stranger } from './plan.fixtures.js';

const { title, year, purposes, requirements } = drafted.data;
const draft = { planId, agencyId: drafter, issuerId: issuer, title, year, purposes, requirements };

it('begins a plan', () => given(planDecider).when(DraftPlan, draft, { agencies }).emits(drafted));

it('refuses an issuer that is not in the directory', () =>
  given(planDecider)
    .when(DraftPlan, { ...draft, issuerId: stranger }, { agencies })
    .refuses('agency-not-found', { field: 'issuerId' }));

it('refuses to begin it twice', () =>
  given(planDecider, drafted).when(DraftPlan, draft, { agencies }).refuses('plan-exists'));

it('refuses a drafter that is not in the directory', () =>
  given(planDecider)
    .when(DraftPlan, { ...draft, agencyId: stranger }, { agencies })
    .refuses('agency-not-found', { field: 'agencyId' }));
