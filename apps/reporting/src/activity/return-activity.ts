import { ActivityReturned, ReturnActivity } from '@loa/contracts-reporting';
import { accept, decision, refuse } from '@loa/event-sourcing';
import type { KnownPlans } from '@loa/known-plans';
import { planOf, whyNotJudgeable, type Activity } from './activity.js';

export const returnActivity = decision(
  ReturnActivity,
  { plans: (_, activity: Activity) => planOf(activity) },
  ({ activityId, agencyId, reason }, activity: Activity, { plans }: { plans: KnownPlans }) => {
    const obstacle = whyNotJudgeable(activity, agencyId, plans);
    return obstacle
      ? refuse(obstacle)
      : accept(ActivityReturned({ activityId, returnedBy: agencyId, reason }));
  },
);
