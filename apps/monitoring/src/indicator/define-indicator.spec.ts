import { DefineIndicator } from '@loa/contracts-monitoring';
import { given } from '@loa/event-sourcing';
import { indicatorDecider } from './indicator.decider.js';
import {
  agencies,
  agency,
  defined,
  definition,
  planId,
  plans,
  standing,
  stranger,
} from './indicator.fixtures.js';

const define = { ...definition, agencyId: standing };
const world = { plans, agencies };

it('says what is measured', () =>
  given(indicatorDecider).when(DefineIndicator, define, world).emits(defined));

it('names the content that the plan does not have', () =>
  given(indicatorDecider)
    .when(DefineIndicator, { ...define, contentIds: [...definition.contentIds, stranger] }, world)
    .refuses('content-not-in-plan', { field: 'contentIds.1' }));

it('names the channel that the plan does not have', () =>
  given(indicatorDecider)
    .when(DefineIndicator, { ...define, channelIds: [stranger] }, world)
    .refuses('channel-not-in-plan', { field: 'channelIds.0' }));

it('names the agency that is not known', () =>
  given(indicatorDecider)
    .when(DefineIndicator, { ...define, agencyIds: [agency, stranger] }, world)
    .refuses('agency-not-known', { field: 'agencyIds.1' }));

it('refuses a plan that is not known or not issued', () => {
  given(indicatorDecider)
    .when(DefineIndicator, { ...define, planId: stranger }, world)
    .refuses('plan-not-known', { field: 'planId' });
  const draft = new Map([[planId, { ...plans.get(planId)!, issued: false }]]);
  given(indicatorDecider)
    .when(DefineIndicator, define, { ...world, plans: draft })
    .refuses('plan-not-known', { field: 'planId' });
});

it('refuses anybody but the standing agency', () =>
  given(indicatorDecider)
    .when(DefineIndicator, { ...define, agencyId: agency }, world)
    .refuses('not-the-standing-agency'));

it('refuses to define it twice', () =>
  given(indicatorDecider, defined).when(DefineIndicator, define, world).refuses('indicator-exists'));
