import { ActivitySubmitted, SubmitActivity } from '@loa/contracts-reporting';
import { accept, decision, refuse } from '@loa/event-sourcing';
import type { Activity } from './activity.js';

export const submitActivity = decision(SubmitActivity, {}, ({ activityId, agencyId }, activity: Activity) => {
  if (activity.status === 'absent') return refuse('activity-not-found');
  if (activity.agencyId !== agencyId) return refuse('not-your-activity');
  if (activity.status === 'submitted') return refuse('already-submitted');
  if (activity.status === 'verified') return refuse('already-verified');
  if (activity.evidenceIds.length === 0) return refuse('no-evidence');
  return accept(ActivitySubmitted({ activityId, agencyId, planId: activity.planId }));
});
