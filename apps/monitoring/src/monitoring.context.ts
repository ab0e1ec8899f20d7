import { monitoring } from '@loa/contracts-monitoring';
import { knownAgency, knownPlan, plansKnowledge, plansKnowledgeMigrations } from '@loa/known-plans';
import { contextMigrations, fromTable, type ContextDefinition } from '@loa/service';
import { indicatorDecider } from './indicator/indicator.decider.js';

/** Monitoring: what is measured over verified activities, and the targets. */
export const monitoringContext: ContextDefinition = {
  name: 'monitoring',
  deciders: [indicatorDecider],
  events: monitoring.events,
  schema: { migrations: [...contextMigrations, ...plansKnowledgeMigrations] },
  lookups: (store) => ({
    agencies: fromTable(store, 'known', knownAgency),
    plans: fromTable(store, 'known', knownPlan),
  }),
  knowledge: plansKnowledge,
};
