import { AcknowledgeAssignment, AssignmentAcknowledged } from '@loa/contracts-planning';
import { accept, decision, refuse } from '@loa/event-sourcing';
import type { Plans } from '../plan/plan.js';
import type { Receipt } from './receipt.js';

export const acknowledgeAssignment = decision(
  AcknowledgeAssignment,
  { plans: ({ planId }) => [planId] },
  (command, receipt: Receipt, { plans }: { plans: Plans }) => {
    const plan = plans.get(command.planId);
    if (!plan || plan.status === 'absent') return refuse('plan-not-found');
    if (plan.status === 'draft') return refuse('plan-not-issued');
    const assignment = plan.assignments.get(command.assignmentId);
    if (!assignment) return refuse('assignment-not-found');
    const named = [...assignment.leads, ...assignment.coordinators];
    if (!named.includes(command.agencyId)) return refuse('not-your-assignment');
    if (receipt.status === 'acknowledged') return refuse('already-acknowledged');
    return accept(AssignmentAcknowledged(command));
  },
);
