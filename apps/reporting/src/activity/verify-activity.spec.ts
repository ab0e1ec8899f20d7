import { VerifyActivity } from '@loa/contracts-reporting';
import { given } from '@loa/event-sourcing';
import { activityDecider } from './activity.decider.js';
import {
  activityId,
  agencyId,
  attached,
  drafted,
  plans,
  returned,
  standing,
  submitted,
  verified,
} from './activity.fixtures.js';

const verify = { activityId, agencyId: standing };

it('confirms a submitted activity', () =>
  given(activityDecider, drafted, attached, submitted)
    .when(VerifyActivity, verify, { plans })
    .emits(verified));
it('refuses the agency that did it', () =>
  given(activityDecider, drafted, attached, submitted)
    .when(VerifyActivity, { ...verify, agencyId }, { plans })
    .refuses('not-the-standing-agency'));
it('refuses what was returned and not handed in again', () =>
  given(activityDecider, drafted, attached, submitted, returned)
    .when(VerifyActivity, verify, { plans })
    .refuses('not-submitted'));
it('refuses to confirm twice', () =>
  given(activityDecider, drafted, attached, submitted, verified)
    .when(VerifyActivity, verify, { plans })
    .refuses('already-verified'));
it('refuses what is not there', () =>
  given(activityDecider).when(VerifyActivity, verify, { plans }).refuses('activity-not-found'));
