import { AgencyRegistered, RegisterAgency } from '@loa/contracts-planning';
import { accept, decision, refuse } from '@loa/event-sourcing';
import { isKnown, type Agencies, type Agency } from './agency.js';

export const registerAgency = decision(
  RegisterAgency,
  { agencies: ({ parentId }) => (parentId ? [parentId] : []) },
  (command, agency: Agency, { agencies }: { agencies: Agencies }) => {
    if (agency.status !== 'absent') return refuse('agency-already-registered');
    if (command.parentId && !isKnown(agencies, command.parentId))
      return refuse('agency-not-found', { field: 'parentId' });
    const { gsoCode } = command;
    return accept(AgencyRegistered(command), {
      claims: gsoCode
        ? [{ key: `gso-code:${gsoCode}`, otherwise: 'code-taken', details: { code: gsoCode } }]
        : [],
    });
  },
);
