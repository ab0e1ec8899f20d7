import { AgencyId } from '@loa/contracts-planning';
import { z } from 'zod';
import { command } from '../language.js';
import { ActivityId } from './fields.js';

export const VerifyActivity = command('VerifyActivity', {
  meaning: 'The standing agency confirms that the evidence proves the activity: from now on it counts.',
  target: 'activityId',
  input: z.object({ activityId: ActivityId, agencyId: AgencyId }),
  refusals: ['activity-not-found', 'not-submitted', 'not-the-standing-agency', 'already-verified'],
});
