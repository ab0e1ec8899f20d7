import { z } from 'zod';
import { AgencyId, AssignmentId, PlanId } from '../ids.js';
import { event } from '../language.js';

export const AssignmentAcknowledged = event(
  'AssignmentAcknowledged',
  1,
  'An agency confirmed that it received an assignment. Stream: the assignment and the agency together.',
  z.object({ planId: PlanId, assignmentId: AssignmentId, agencyId: AgencyId }),
);
