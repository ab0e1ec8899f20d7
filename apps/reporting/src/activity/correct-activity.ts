import { ActivityCorrected, CorrectActivity } from '@loa/contracts-reporting';
import { accept, decision, refuse } from '@loa/event-sourcing';
import type { KnownPlans } from '@loa/known-plans';
import { planOf, present, whyNotEditable, whyNotFitting, type Activity } from './activity.js';

export const correctActivity = decision(
  CorrectActivity,
  { plans: (_, activity: Activity) => planOf(activity) },
  ({ activityId, agencyId, ...fields }, activity: Activity, { plans }: { plans: KnownPlans }) => {
    const obstacle = whyNotEditable(activity, agencyId);
    if (obstacle) return refuse(obstacle);
    const plan = activity.status === 'absent' ? undefined : plans.get(activity.planId);
    if (activity.status === 'absent' || !plan) return refuse('activity-not-found');
    const corrected = { ...activity, ...present(fields) };
    const misfit = whyNotFitting(corrected, plan);
    if (misfit) return refuse(misfit.reason, { field: misfit.field });
    const differing = Object.entries(present(fields)).filter(
      ([field, value]) => JSON.stringify(value) !== JSON.stringify(activity[field as keyof typeof activity]),
    );
    if (differing.length === 0) return refuse('nothing-changed');
    return accept(ActivityCorrected({ activityId, ...Object.fromEntries(differing) }));
  },
);
