import { ActivityCorrected, CorrectActivity } from '@loa/contracts-reporting';
import { given } from '@loa/event-sourcing';
import { activityDecider } from './activity.decider.js';
import {
  activityId,
  agencyId,
  attached,
  draft,
  drafted,
  plans,
  returned,
  stranger,
  submitted,
  verified,
} from './activity.fixtures.js';

const correct = { activityId, agencyId, quantity: 2, title: draft.title };

it('keeps only what differs', () =>
  given(activityDecider, drafted)
    .when(CorrectActivity, correct, { plans })
    .emits(ActivityCorrected({ activityId, quantity: 2 })));

it('may be done after a return', () =>
  given(activityDecider, drafted, attached, submitted, returned)
    .when(CorrectActivity, correct, { plans })
    .emits(ActivityCorrected({ activityId, quantity: 2 })));

it('builds on earlier corrections', () =>
  given(activityDecider, drafted, ActivityCorrected({ activityId, quantity: 2 }))
    .when(CorrectActivity, correct, { plans })
    .refuses('nothing-changed'));

it('refuses while it waits for verification', () =>
  given(activityDecider, drafted, attached, submitted)
    .when(CorrectActivity, correct, { plans })
    .refuses('already-submitted'));

it('refuses an end before the start that was recorded', () =>
  given(activityDecider, drafted)
    .when(
      CorrectActivity,
      { activityId, agencyId, held: { from: draft.held.to, to: draft.held.from } },
      { plans },
    )
    .refuses('ends-before-start', { field: 'held.to' }));

it('refuses another agency', () =>
  given(activityDecider, drafted)
    .when(CorrectActivity, { ...correct, agencyId: stranger }, { plans })
    .refuses('not-your-activity'));

it('refuses a content that the plan does not have', () =>
  given(activityDecider, drafted)
    .when(CorrectActivity, { ...correct, contentId: stranger }, { plans })
    .refuses('content-not-in-plan', { field: 'contentId' }));

it('refuses a channel that the plan does not have', () =>
  given(activityDecider, drafted)
    .when(CorrectActivity, { ...correct, channelId: stranger }, { plans })
    .refuses('channel-not-in-plan', { field: 'channelId' }));

it('refuses once verified', () =>
  given(activityDecider, drafted, attached, submitted, verified)
    .when(CorrectActivity, correct, { plans })
    .refuses('already-verified'));

it('refuses what is not there, and while nothing is known of its plan', () => {
  given(activityDecider).when(CorrectActivity, correct, { plans }).refuses('activity-not-found');
  given(activityDecider, drafted)
    .when(CorrectActivity, correct, { plans: new Map() })
    .refuses('activity-not-found');
});
