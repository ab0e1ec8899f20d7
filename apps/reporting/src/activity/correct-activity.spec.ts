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
