import { ActivityDrafted, DraftActivity } from '@loa/contracts-reporting';
import { given } from '@loa/event-sourcing';
import { activityDecider } from './activity.decider.js';
import { agencies, draft, drafted, plan, planId, plans, stranger } from './activity.fixtures.js';

const world = { plans, agencies };

it('records an activity', () =>
  given(activityDecider)
    .when(DraftActivity, draft, world)
    .accepts({ events: [drafted], warnings: [] }));

it('keeps instants in UTC, whatever offset they came in', () =>
  given(activityDecider)
    .when(
      DraftActivity,
      { ...draft, held: { from: '2022-05-10T08:00:00+07:00', to: '2022-05-10T11:30:00+07:00' } },
      world,
    )
    .emits(drafted));

it('warns when the plan does not assign the content to the agency', () =>
  given(activityDecider)
    .when(DraftActivity, { ...draft, agencyId: stranger }, world)
    .accepts({
      events: [ActivityDrafted({ ...draft, agencyId: stranger })],
      warnings: [{ code: 'not-assigned', field: 'contentId' }],
    }));

it('refuses a plan that is not known or not issued', () => {
  given(activityDecider)
    .when(DraftActivity, draft, { ...world, plans: new Map() })
    .refuses('plan-not-known', { field: 'planId' });
  given(activityDecider)
    .when(DraftActivity, draft, { ...world, plans: new Map([[planId, { ...plan, issued: false }]]) })
    .refuses('plan-not-known', { field: 'planId' });
});

it('refuses a content that the plan does not have', () =>
  given(activityDecider)
    .when(DraftActivity, { ...draft, contentId: stranger }, world)
    .refuses('content-not-in-plan', { field: 'contentId' }));

it('refuses a channel that the plan does not have', () =>
  given(activityDecider)
    .when(DraftActivity, { ...draft, channelId: stranger }, world)
    .refuses('channel-not-in-plan', { field: 'channelId' }));

it('refuses an end before the start', () =>
  given(activityDecider)
    .when(DraftActivity, { ...draft, held: { from: draft.held.to, to: draft.held.from } }, world)
    .refuses('ends-before-start', { field: 'held.to' }));

it('refuses an unknown agency', () =>
  given(activityDecider)
    .when(DraftActivity, draft, { ...world, agencies: new Map() })
    .refuses('agency-not-known', { field: 'agencyId' }));

it('refuses to record it twice', () =>
  given(activityDecider, drafted).when(DraftActivity, draft, world).refuses('activity-exists'));
