import { ReviseTarget, TargetRevised } from '@loa/contracts-monitoring';
import { accept, decision, refuse } from '@loa/event-sourcing';
import type { KnownPlans } from '@loa/known-plans';
import type { Indicator } from './indicator.js';

export const reviseTarget = decision(
  ReviseTarget,
  { plans: (_, indicator: Indicator) => (indicator.status === 'absent' ? [] : [indicator.planId]) },
  ({ agencyId, ...revision }, indicator: Indicator, { plans }: { plans: KnownPlans }) => {
    if (indicator.status === 'absent') return refuse('indicator-not-found');
    if (plans.get(indicator.planId)?.standing_agency_id !== agencyId)
      return refuse('not-the-standing-agency');
    if (indicator.target === revision.target) return refuse('nothing-changed', { field: 'target' });
    return accept(TargetRevised(revision));
  },
);
