import { decider } from '@loa/event-sourcing';
import { absent, evolve, type Agency } from './agency.js';
import { registerAgency } from './register-agency.js';

export const agencyDecider = decider<Agency>({
  aggregate: 'agency',
  initial: absent,
  evolve,
  decisions: [registerAgency],
});
