import { planning } from '@loa/contracts-planning';
import { contextMigrations, fromStreams, type ContextDefinition } from '@loa/service';
import { agencyDecider } from './agency/agency.decider.js';
import { planDecider } from './plan/plan.decider.js';
import { receiptDecider } from './receipt/receipt.decider.js';

/** Planning: the directory of agencies, plans and who has acknowledged what. */
export const planningContext: ContextDefinition = {
  name: 'planning',
  deciders: [agencyDecider, planDecider, receiptDecider],
  events: planning.events,
  schema: { migrations: [...contextMigrations] },
  lookups: (_store, rehydration) => ({
    agencies: fromStreams(rehydration, agencyDecider),
    plans: fromStreams(rehydration, planDecider),
  }),
};
