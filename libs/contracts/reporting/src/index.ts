import { AttachEvidence } from './activity/attach-evidence.js';
import { CorrectActivity } from './activity/correct-activity.js';
import { DraftActivity } from './activity/draft-activity.js';
import * as events from './activity/events.js';
import { ReturnActivity } from './activity/return-activity.js';
import { SubmitActivity } from './activity/submit-activity.js';
import { VerifyActivity } from './activity/verify-activity.js';
import { WithdrawEvidence } from './activity/withdraw-evidence.js';

export * from './activity/attach-evidence.js';
export * from './activity/correct-activity.js';
export * from './activity/draft-activity.js';
export * from './activity/events.js';
export { ActivityId, Audience, Evidence, EvidenceId, Period, Reach, StoredFile } from './activity/fields.js';
export * from './activity/return-activity.js';
export * from './activity/submit-activity.js';
export * from './activity/verify-activity.js';
export * from './activity/withdraw-evidence.js';

/** Everything reporting promises others. */
export const reporting = {
  context: 'reporting',
  commands: [
    DraftActivity,
    CorrectActivity,
    AttachEvidence,
    WithdrawEvidence,
    SubmitActivity,
    ReturnActivity,
    VerifyActivity,
  ],
  events: Object.values(events),
} as const;
