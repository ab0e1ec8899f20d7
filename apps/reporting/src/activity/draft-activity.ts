import { ActivityDrafted, DraftActivity } from '@loa/contracts-reporting';
import { accept, decision, refuse } from '@loa/event-sourcing';
import { assignee, type KnownAgencies, type KnownPlans } from '@loa/known-plans';
import { whyNotFitting, type Activity } from './activity.js';

export const draftActivity = decision(
  DraftActivity,
  { plans: ({ planId }) => [planId], agencies: ({ agencyId }) => [agencyId] },
  (command, activity: Activity, { plans, agencies }: { plans: KnownPlans; agencies: KnownAgencies }) => {
    if (activity.status !== 'absent') return refuse('activity-exists');
    if (!agencies.has(command.agencyId)) return refuse('agency-not-known', { field: 'agencyId' });
    const plan = plans.get(command.planId);
    if (!plan?.issued) return refuse('plan-not-known', { field: 'planId' });
    const misfit = whyNotFitting(command, plan);
    if (misfit) return refuse(misfit.reason, { field: misfit.field });
    const assigned = plan.assignees.includes(assignee(command.contentId, command.agencyId));
    return accept(ActivityDrafted(command), {
      warnings: assigned ? [] : [{ code: 'not-assigned', field: 'contentId' }],
    });
  },
);
