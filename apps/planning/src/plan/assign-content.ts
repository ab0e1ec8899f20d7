import { AssignContent, ContentAssigned } from '@loa/contracts-planning';
import { accept, decision, refuse } from '@loa/event-sourcing';
import { isKnown, type Agencies } from '../agency/agency.js';
import { isEditable, whyNotEditable, type Plan } from './plan.js';

export const assignContent = decision(
  AssignContent,
  { agencies: ({ leads, coordinators }) => [...leads, ...coordinators] },
  ({ agencyId, ...command }, plan: Plan, { agencies }: { agencies: Agencies }) => {
    if (!isEditable(plan, agencyId)) return refuse(whyNotEditable(plan));
    if (plan.assignments.has(command.assignmentId))
      return refuse('assignment-exists', { field: 'assignmentId' });
    if (!plan.contentIds.includes(command.contentId))
      return refuse('content-not-in-plan', { field: 'contentId' });
    const channelId = command.target?.channelId;
    if (channelId && !plan.channelIds.includes(channelId)) {
      return refuse('channel-not-in-plan', { field: 'target.channelId' });
    }
    const strangers = (ids: readonly string[]) => ids.findIndex((id) => !isKnown(agencies, id));
    const lead = strangers(command.leads);
    if (lead >= 0) return refuse('agency-not-found', { field: `leads.${lead}` });
    const coordinator = strangers(command.coordinators);
    if (coordinator >= 0) return refuse('agency-not-found', { field: `coordinators.${coordinator}` });
    const leads = [...new Set(command.leads)];
    const coordinators = [...new Set(command.coordinators)].filter((id) => !leads.includes(id));
    return accept(ContentAssigned({ ...command, leads, coordinators }));
  },
);
