import { AgencyId } from '@loa/contracts-planning';
import { z } from 'zod';
import { command } from '../language.js';
import { ActivityId, Evidence } from './fields.js';

export const AttachEvidence = command('AttachEvidence', {
  meaning: 'Attach a link or an uploaded file that proves the activity.',
  target: 'activityId',
  input: z
    .object({ activityId: ActivityId, agencyId: AgencyId, ...Evidence.shape })
    .refine(({ link, file }) => (link === undefined) !== (file === undefined), {
      path: ['link'],
      error: 'one-of',
    }),
  refusals: [
    'activity-not-found',
    'not-your-activity',
    'already-submitted',
    'already-verified',
    'evidence-exists',
    'file-not-uploaded',
    'file-differs',
  ],
});
