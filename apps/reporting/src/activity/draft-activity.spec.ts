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

it.each([
  ['content-not-in-plan', 'contentId', { contentId: stranger }],
  ['channel-not-in-plan', 'channelId', { channelId: stranger }],
  ['ends-before-start', 'held.to', { held: { from: draft.held.to, to: draft.held.from } }],
] as const)('refuses: %s', (reason, field, wrong) =>
  given(activityDecider)
    .when(DraftActivity, { ...draft, ...wrong }, world)
    .refuses(reason, { field }),
);

it('refuses an unknown agency', () =>
  given(activityDecider)
    .when(DraftActivity, draft, { ...world, agencies: new Map() })
    .refuses('agency-not-known', { field: 'agencyId' }));

it('refuses to record it twice', () =>
  given(activityDecider, drafted).when(DraftActivity, draft, world).refuses('activity-exists'));
