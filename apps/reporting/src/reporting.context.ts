import { reporting } from '@loa/contracts-reporting';
import type { FileStore } from '@loa/files';
import { knownAgency, knownPlan, plansKnowledge, plansKnowledgeMigrations } from '@loa/known-plans';
import { contextMigrations, fromTable, type ContextDefinition } from '@loa/service';
import { activityDecider } from './activity/activity.decider.js';
import { fromFiles } from './activity/arrived-files.lookup.js';

/** Reporting: activities with their evidence, and their verification. */
export const reportingContext = (files: FileStore): ContextDefinition => ({
  name: 'reporting',
  deciders: [activityDecider],
  events: reporting.events,
  schema: { migrations: [...contextMigrations, ...plansKnowledgeMigrations] },
  lookups: (store) => ({
    agencies: fromTable(store, 'known', knownAgency),
    plans: fromTable(store, 'known', knownPlan),
    files: fromFiles(files),
  }),
  knowledge: plansKnowledge,
});
