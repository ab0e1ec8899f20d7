import { DefineIndicator, IndicatorDefined } from '@loa/contracts-monitoring';
import { accept, decision, refuse } from '@loa/event-sourcing';
import type { KnownAgencies, KnownPlans } from '@loa/known-plans';
import type { Indicator } from './indicator.js';

export const defineIndicator = decision(
  DefineIndicator,
  { plans: ({ planId }) => [planId], agencies: ({ agencyIds }) => agencyIds },
  (
    { agencyId, ...definition },
    indicator: Indicator,
    { plans, agencies }: { plans: KnownPlans; agencies: KnownAgencies },
  ) => {
    if (indicator.status !== 'absent') return refuse('indicator-exists');
    const plan = plans.get(definition.planId);
    if (!plan?.issued) return refuse('plan-not-known', { field: 'planId' });
    if (plan.standing_agency_id !== agencyId) return refuse('not-the-standing-agency');
    const content = definition.contentIds.findIndex((id) => !plan.content_ids.includes(id));
    if (content >= 0) return refuse('content-not-in-plan', { field: `contentIds.${content}` });
    const channel = definition.channelIds.findIndex((id) => !plan.channel_ids.includes(id));
    if (channel >= 0) return refuse('channel-not-in-plan', { field: `channelIds.${channel}` });
    const stranger = definition.agencyIds.findIndex((id) => !agencies.has(id));
    if (stranger >= 0) return refuse('agency-not-known', { field: `agencyIds.${stranger}` });
    return accept(IndicatorDefined({ ...definition, definedBy: agencyId }));
  },
);
