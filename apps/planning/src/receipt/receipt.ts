import type { AssignmentAcknowledged } from '@loa/contracts-planning';
import { evolveBy, type EventOf } from '@loa/event-sourcing';

/** Whether one agency has confirmed one assignment. A stream of its own, so that 108 communes do not queue for the plan's. */
export type Receipt = { readonly status: 'absent' } | { readonly status: 'acknowledged' };

export const absent: Receipt = { status: 'absent' };

export const evolve = evolveBy<Receipt, EventOf<typeof AssignmentAcknowledged>>({
  AssignmentAcknowledged: () => ({ status: 'acknowledged' }),
});
