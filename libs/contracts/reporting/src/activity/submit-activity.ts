import { AgencyId } from '@loa/contracts-planning';
import { z } from 'zod';
import { command } from '../language.js';
import { ActivityId } from './fields.js';

export const SubmitActivity = command('SubmitActivity', {
  meaning: 'The agency hands in an activity for verification.',
  target: 'activityId',
  input: z.object({ activityId: ActivityId, agencyId: AgencyId }),
  refusals: [
    'activity-not-found',
    'not-your-activity',
    'already-submitted',
    'already-verified',
    'no-evidence',
  ],
});
