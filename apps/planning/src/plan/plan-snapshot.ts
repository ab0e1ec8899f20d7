import { snapshotForm } from '@loa/event-sourcing';
import type { Assigned, Plan } from './plan.js';

/** A plan with its assignments as a list: JSON would lose a Map. */
type Listed<P> = P extends { readonly assignments: unknown }
  ? Omit<P, 'assignments'> & { readonly assignments: readonly Assigned[] }
  : P;

/** Plans collect content, channels and assignments for a year; their streams are the long ones. */
export const planSnapshot = snapshotForm<Plan, Listed<Plan>>({
  schema: 1,
  keep: (plan) =>
    plan.status === 'absent' ? plan : { ...plan, assignments: [...plan.assignments.values()] },
  restore: (kept) =>
    kept.status === 'absent'
      ? kept
      : {
          ...kept,
          assignments: new Map(kept.assignments.map((assigned) => [assigned.assignmentId, assigned])),
        },
});
