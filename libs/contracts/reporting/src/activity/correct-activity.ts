import { AgencyId } from '@loa/contracts-planning';
import { z } from 'zod';
import { command } from '../language.js';
import { ActivityId, activityFields } from './fields.js';

export const CorrectActivity = command('CorrectActivity', {
  meaning: 'The agency mends what it recorded; fields that are left out stay as they are.',
  target: 'activityId',
  input: z.object({
    activityId: ActivityId,
    agencyId: AgencyId,
    ...z.object(activityFields).partial().shape,
  }),
  refusals: [
    'activity-not-found',
    'not-your-activity',
    'already-submitted',
    'already-verified',
    'content-not-in-plan',
    'channel-not-in-plan',
    'ends-before-start',
    'nothing-changed',
  ],
});
