import { decider } from '@loa/event-sourcing';
import { acknowledgeAssignment } from './acknowledge-assignment.js';
import { absent, evolve, type Receipt } from './receipt.js';

export const receiptDecider = decider<Receipt>({
  aggregate: 'receipt',
  initial: absent,
  evolve,
  decisions: [acknowledgeAssignment],
});
