import { EventStore1700000000000 } from '@loa/event-store';
import { knownAgency, knownPlan, knownPlans, KnownPlans1700000001000 } from '@loa/known-plans';
import { fromTable, type ContextDefinition } from '@loa/service';
import { indicatorDecider } from './indicator/indicator.decider.js';

/** Monitoring: what is measured over verified activities, and the targets. */
export const monitoringContext: ContextDefinition = {
  name: 'monitoring',
  deciders: [indicatorDecider],
  schema: { migrations: [EventStore1700000000000, KnownPlans1700000001000] },
  lookups: (store) => ({
    agencies: fromTable(store, 'known', knownAgency),
    plans: fromTable(store, 'known', knownPlan),
  }),
  knowledge: { sources: ['planning'], projections: [knownPlans], schema: 'known' },
};
