import { DraftPlan, PlanDrafted } from '@loa/contracts-planning';
import { accept, decision, refuse } from '@loa/event-sourcing';
import { isKnown, type Agencies } from '../agency/agency.js';
import type { Plan } from './plan.js';

export const draftPlan = decision(
  DraftPlan,
  { agencies: ({ agencyId, issuerId }) => [agencyId, issuerId] },
  ({ agencyId, ...command }, plan: Plan, { agencies }: { agencies: Agencies }) => {
    if (plan.status !== 'absent') return refuse('plan-exists');
    if (!isKnown(agencies, agencyId)) return refuse('agency-not-found', { field: 'agencyId' });
    if (!isKnown(agencies, command.issuerId)) return refuse('agency-not-found', { field: 'issuerId' });
    return accept(PlanDrafted({ ...command, standingAgencyId: agencyId }));
  },
);
