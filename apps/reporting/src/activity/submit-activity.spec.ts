import { SubmitActivity } from '@loa/contracts-reporting';
import { given } from '@loa/event-sourcing';
import { activityDecider } from './activity.decider.js';
import {
  activityId,
  agencyId,
  attached,
  drafted,
  returned,
  stranger,
  submitted,
  verified,
} from './activity.fixtures.js';

const submit = { activityId, agencyId };

it('hands in a draft with evidence', () =>
  given(activityDecider, drafted, attached).when(SubmitActivity, submit).emits(submitted));
it('hands in again after a return', () =>
  given(activityDecider, drafted, attached, submitted, returned)
    .when(SubmitActivity, submit)
    .emits(submitted));
it('refuses without evidence', () =>
  given(activityDecider, drafted).when(SubmitActivity, submit).refuses('no-evidence'));
it('refuses the activity of another agency', () =>
  given(activityDecider, drafted, attached)
    .when(SubmitActivity, { ...submit, agencyId: stranger })
    .refuses('not-your-activity'));
it('refuses a second hand-in', () =>
  given(activityDecider, drafted, attached, submitted)
    .when(SubmitActivity, submit)
    .refuses('already-submitted'));
it('refuses once verified', () =>
  given(activityDecider, drafted, attached, submitted, verified)
    .when(SubmitActivity, submit)
    .refuses('already-verified'));
it('refuses what is not there', () =>
  given(activityDecider).when(SubmitActivity, submit).refuses('activity-not-found'));
