import { EvidenceWithdrawn, SubmitActivity, WithdrawEvidence } from '@loa/contracts-reporting';
import { given } from '@loa/event-sourcing';
import { activityDecider } from './activity.decider.js';
import {
  activityId,
  agencyId,
  attached,
  drafted,
  evidenceId,
  stranger,
  submitted,
  verified,
} from './activity.fixtures.js';

const withdraw = { activityId, agencyId, evidenceId };
const withdrawn = EvidenceWithdrawn({ activityId, evidenceId });

it('takes evidence back', () =>
  given(activityDecider, drafted, attached).when(WithdrawEvidence, withdraw).emits(withdrawn));
it('leaves the activity without evidence', () =>
  given(activityDecider, drafted, attached, withdrawn)
    .when(SubmitActivity, { activityId, agencyId })
    .refuses('no-evidence'));
it('refuses evidence that is not there', () =>
  given(activityDecider, drafted)
    .when(WithdrawEvidence, withdraw)
    .refuses('evidence-not-found', { field: 'evidenceId' }));
it('refuses while it waits for verification', () =>
  given(activityDecider, drafted, attached, submitted)
    .when(WithdrawEvidence, withdraw)
    .refuses('already-submitted'));
it('refuses once verified', () =>
  given(activityDecider, drafted, attached, submitted, verified)
    .when(WithdrawEvidence, withdraw)
    .refuses('already-verified'));
it('refuses another agency', () =>
  given(activityDecider, drafted, attached)
    .when(WithdrawEvidence, { ...withdraw, agencyId: stranger })
    .refuses('not-your-activity'));
it('refuses what is not there', () =>
  given(activityDecider).when(WithdrawEvidence, withdraw).refuses('activity-not-found'));
