import { ReturnActivity } from '@loa/contracts-reporting';
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

const giveBack = { activityId, agencyId: standing, reason: returned.data.reason };

it('gives a submitted activity back', () =>
  given(activityDecider, drafted, attached, submitted)
    .when(ReturnActivity, giveBack, { plans })
    .emits(returned));
it('needs a reason', () =>
  expect(ReturnActivity.input.safeParse({ ...giveBack, reason: '  ' }).success).toBe(false));
it('refuses anybody but the standing agency', () =>
  given(activityDecider, drafted, attached, submitted)
    .when(ReturnActivity, { ...giveBack, agencyId }, { plans })
    .refuses('not-the-standing-agency'));
it('refuses a draft', () =>
  given(activityDecider, drafted).when(ReturnActivity, giveBack, { plans }).refuses('not-submitted'));
it('refuses once verified', () =>
  given(activityDecider, drafted, attached, submitted, verified)
    .when(ReturnActivity, giveBack, { plans })
    .refuses('already-verified'));
it('refuses what is not there', () =>
  given(activityDecider).when(ReturnActivity, giveBack, { plans }).refuses('activity-not-found'));
