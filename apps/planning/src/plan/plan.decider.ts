import { decider } from '@loa/event-sourcing';
import { addChannel } from './add-channel.js';
import { addContent } from './add-content.js';
import { assignContent } from './assign-content.js';
import { draftPlan } from './draft-plan.js';
import { issuePlan } from './issue-plan.js';
import { planSnapshot } from './plan-snapshot.js';
import { absent, evolve, type Plan } from './plan.js';

export const planDecider = decider<Plan>({
  aggregate: 'plan',
  initial: absent,
  evolve,
  decisions: [draftPlan, addContent, addChannel, assignContent, issuePlan],
  snapshot: planSnapshot,
});
