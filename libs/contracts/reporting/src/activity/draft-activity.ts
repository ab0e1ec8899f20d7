import { AgencyId, PlanId } from '@loa/contracts-planning';
import { z } from 'zod';
import { command } from '../language.js';
import { ActivityId, activityFields } from './fields.js';

export const DraftActivity = command('DraftActivity', {
  meaning: 'An agency records an activity it carried out for a plan; it can still be changed.',
  target: 'activityId',
  creates: true,
  input: z.object({ activityId: ActivityId, agencyId: AgencyId, planId: PlanId, ...activityFields }),
  refusals: [
    'activity-exists',
    'agency-not-known',
    'plan-not-known',
    'content-not-in-plan',
    'channel-not-in-plan',
    'ends-before-start',
  ],
  warnings: ['not-assigned'],
});
