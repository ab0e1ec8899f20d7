import { EvidenceWithdrawn, WithdrawEvidence } from '@loa/contracts-reporting';
import { accept, decision, refuse } from '@loa/event-sourcing';
import { whyNotEditable, type Activity } from './activity.js';

export const withdrawEvidence = decision(
  WithdrawEvidence,
  {},
  ({ activityId, agencyId, evidenceId }, activity: Activity) => {
    const obstacle = whyNotEditable(activity, agencyId);
    if (obstacle) return refuse(obstacle);
    if (activity.status === 'absent' || !activity.evidenceIds.includes(evidenceId)) {
      return refuse('evidence-not-found', { field: 'evidenceId' });
    }
    return accept(EvidenceWithdrawn({ activityId, evidenceId }));
  },
);
