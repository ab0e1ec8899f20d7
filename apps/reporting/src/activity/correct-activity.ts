import { ActivityCorrected, CorrectActivity } from '@loa/contracts-reporting';
import { accept, decision, refuse } from '@loa/event-sourcing';
import type { KnownPlans } from '@loa/known-plans';
import { isEditable, planOf, present, whyNotEditable, whyNotFitting, type Activity } from './activity.js';

export const correctActivity = decision(
  CorrectActivity,
  { plans: (_, activity: Activity) => planOf(activity) },
  ({ activityId, agencyId, ...fields }, activity: Activity, { plans }: { plans: KnownPlans }) => {
    if (!isEditable(activity, agencyId)) return refuse(whyNotEditable(activity, agencyId));
    const plan = plans.get(activity.planId);
    // What is known of plans is being read again from the start: then nothing can be said about the activity either.
    if (!plan) return refuse('activity-not-found');
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
