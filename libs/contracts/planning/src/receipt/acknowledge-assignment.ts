import { z } from 'zod';
import { AgencyId, AssignmentId, PlanId } from '../ids.js';
import { command } from '../language.js';

export const AcknowledgeAssignment = command('AcknowledgeAssignment', {
  meaning: 'An agency confirms that it has received an assignment.',
  target: ['assignmentId', 'agencyId'],
  input: z.object({ planId: PlanId, assignmentId: AssignmentId, agencyId: AgencyId }),
  refusals: [
    'plan-not-found',
    'plan-not-issued',
    'assignment-not-found',
    'not-your-assignment',
    'already-acknowledged',
  ],
});
