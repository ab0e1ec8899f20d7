import { AgencyId } from '@loa/contracts-planning';
import { text } from '@loa/event-sourcing';
import { z } from 'zod';
import { command } from '../language.js';
import { ActivityId } from './fields.js';

export const ReturnActivity = command('ReturnActivity', {
  meaning: 'The standing agency gives a submitted activity back with a reason, to be corrected.',
  target: 'activityId',
  input: z.object({ activityId: ActivityId, agencyId: AgencyId, reason: text(2000) }),
  refusals: ['activity-not-found', 'not-submitted', 'not-the-standing-agency', 'already-verified'],
});
