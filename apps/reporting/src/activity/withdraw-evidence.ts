import { EvidenceWithdrawn, WithdrawEvidence } from '@loa/contracts-reporting';
import { accept, decision, refuse } from '@loa/event-sourcing';
import { isEditable, whyNotEditable, type Activity } from './activity.js';

export const withdrawEvidence = decision(
  WithdrawEvidence,
  {},
  ({ activityId, agencyId, evidenceId }, activity: Activity) => {
    if (!isEditable(activity, agencyId)) return refuse(whyNotEditable(activity, agencyId));
    if (!activity.evidenceIds.includes(evidenceId)) {
      return refuse('evidence-not-found', { field: 'evidenceId' });
    }
    return accept(EvidenceWithdrawn({ activityId, evidenceId }));
  },
);
