import { EventStore1700000000000 } from '@loa/event-store';
import { fromStreams, type ContextDefinition } from '@loa/service';
import { agencyDecider } from './agency/agency.decider.js';
import { planDecider } from './plan/plan.decider.js';
import { receiptDecider } from './receipt/receipt.decider.js';

/** Planning: the directory of agencies, plans and who has acknowledged what. */
export const planningContext: ContextDefinition = {
  name: 'planning',
  deciders: [agencyDecider, planDecider, receiptDecider],
  schema: { migrations: [EventStore1700000000000] },
  lookups: (store) => ({
    agencies: fromStreams(store, agencyDecider),
    plans: fromStreams(store, planDecider),
  }),
};
