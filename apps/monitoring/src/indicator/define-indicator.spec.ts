import { DefineIndicator } from '@loa/contracts-monitoring';
import { given } from '@loa/event-sourcing';
import { indicatorDecider } from './indicator.decider.js';
import { agencies, agency, defined, definition, plans, standing, stranger } from './indicator.fixtures.js';

const define = { ...definition, agencyId: standing };
const world = { plans, agencies };

it('says what is measured', () =>
  given(indicatorDecider).when(DefineIndicator, define, world).emits(defined));

it.each([
  ['content-not-in-plan', 'contentIds.1', { contentIds: [...definition.contentIds, stranger] }],
  ['channel-not-in-plan', 'channelIds.0', { channelIds: [stranger] }],
  ['agency-not-known', 'agencyIds.1', { agencyIds: [agency, stranger] }],
  ['plan-not-known', 'planId', { planId: stranger }],
] as const)('names what does not fit: %s', (reason, field, wrong) =>
  given(indicatorDecider)
    .when(DefineIndicator, { ...define, ...wrong }, world)
    .refuses(reason, { field }),
);

it('refuses anybody but the standing agency', () =>
  given(indicatorDecider)
    .when(DefineIndicator, { ...define, agencyId: agency }, world)
    .refuses('not-the-standing-agency'));

it('refuses to define it twice', () =>
  given(indicatorDecider, defined).when(DefineIndicator, define, world).refuses('indicator-exists'));
