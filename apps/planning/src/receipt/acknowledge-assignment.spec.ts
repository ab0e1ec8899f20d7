import { AcknowledgeAssignment, AssignmentAcknowledged } from '@loa/contracts-planning';
import { fold, given } from '@loa/event-sourcing';
import { planDecider } from '../plan/plan.decider.js';
import {
  agency,
  assigned,
  assignmentId,
  contentAdded,
  drafted,
  issued,
  planId,
  stranger,
} from '../plan/plan.fixtures.js';
import { receiptDecider } from './receipt.decider.js';

const acknowledge = { planId, assignmentId, agencyId: agency };
const draft = fold(planDecider, [drafted, contentAdded, assigned]);
const inForce = { plans: new Map([[planId, fold(planDecider, [drafted, contentAdded, assigned, issued])]]) };

it('confirms an assignment', () =>
  given(receiptDecider)
    .when(AcknowledgeAssignment, acknowledge, inForce)
    .emits(AssignmentAcknowledged(acknowledge)));
it('refuses an agency that the assignment does not name', () =>
  given(receiptDecider)
    .when(AcknowledgeAssignment, { ...acknowledge, agencyId: stranger }, inForce)
    .refuses('not-your-assignment'));
it('refuses while the plan is a draft', () =>
  given(receiptDecider)
    .when(AcknowledgeAssignment, acknowledge, { plans: new Map([[planId, draft]]) })
    .refuses('plan-not-issued'));
it('refuses an unknown assignment', () =>
  given(receiptDecider)
    .when(AcknowledgeAssignment, { ...acknowledge, assignmentId: stranger }, inForce)
    .refuses('assignment-not-found'));
it('refuses an unknown plan', () =>
  given(receiptDecider)
    .when(AcknowledgeAssignment, acknowledge, { plans: new Map() })
    .refuses('plan-not-found'));
it('refuses to confirm twice', () =>
  given(receiptDecider, AssignmentAcknowledged(acknowledge))
    .when(AcknowledgeAssignment, acknowledge, inForce)
    .refuses('already-acknowledged'));
