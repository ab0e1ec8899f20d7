import { AgencyId } from '@loa/contracts-planning';
import { z } from 'zod';
import { command } from '../language.js';
import { ActivityId, EvidenceId } from './fields.js';

export const WithdrawEvidence = command('WithdrawEvidence', {
  meaning: 'Take back a piece of evidence that was attached by mistake.',
  target: 'activityId',
  input: z.object({ activityId: ActivityId, agencyId: AgencyId, evidenceId: EvidenceId }),
  refusals: [
    'activity-not-found',
    'not-your-activity',
    'already-submitted',
    'already-verified',
    'evidence-not-found',
  ],
});
