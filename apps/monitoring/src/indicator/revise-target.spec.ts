import { ReviseTarget, TargetRevised } from '@loa/contracts-monitoring';
import { given } from '@loa/event-sourcing';
import { indicatorDecider } from './indicator.decider.js';
import { agency, defined, indicatorId, plans, standing } from './indicator.fixtures.js';

const revision = { indicatorId, target: 50, reason: 'Bổ sung chỉ tiêu quý IV' };
const revise = { ...revision, agencyId: standing };

it('changes the target and keeps the reason', () =>
  given(indicatorDecider, defined).when(ReviseTarget, revise, { plans }).emits(TargetRevised(revision)));
it('refuses the target in force', () =>
  given(indicatorDecider, defined)
    .when(ReviseTarget, { ...revise, target: 40 }, { plans })
    .refuses('nothing-changed', { field: 'target' }));
it('refuses anybody but the standing agency', () =>
  given(indicatorDecider, defined)
    .when(ReviseTarget, { ...revise, agencyId: agency }, { plans })
    .refuses('not-the-standing-agency'));
it('refuses what is not defined', () =>
  given(indicatorDecider).when(ReviseTarget, revise, { plans }).refuses('indicator-not-found'));
