import { decider } from '@loa/event-sourcing';
import { absent, evolve, type Activity } from './activity.js';
import { attachEvidence } from './attach-evidence.js';
import { correctActivity } from './correct-activity.js';
import { draftActivity } from './draft-activity.js';
import { returnActivity } from './return-activity.js';
import { submitActivity } from './submit-activity.js';
import { verifyActivity } from './verify-activity.js';
import { withdrawEvidence } from './withdraw-evidence.js';

export const activityDecider = decider<Activity>({
  aggregate: 'activity',
  initial: absent,
  evolve,
  decisions: [
    draftActivity,
    correctActivity,
    attachEvidence,
    withdrawEvidence,
    submitActivity,
    returnActivity,
    verifyActivity,
  ],
});
