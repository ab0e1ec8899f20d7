import { EventStore1700000000000 } from '@loa/event-store';
import type { FileStore } from '@loa/files';
import { knownAgency, knownPlan, knownPlans, KnownPlans1700000001000 } from '@loa/known-plans';
import { fromTable, type ContextDefinition } from '@loa/service';
import { activityDecider } from './activity/activity.decider.js';
import { fromFiles } from './activity/arrived-files.lookup.js';

/** Reporting: activities with their evidence, and their verification. */
export const reportingContext = (files: FileStore): ContextDefinition => ({
  name: 'reporting',
  deciders: [activityDecider],
  schema: { migrations: [EventStore1700000000000, KnownPlans1700000001000] },
  lookups: (store) => ({
    agencies: fromTable(store, 'known', knownAgency),
    plans: fromTable(store, 'known', knownPlan),
    files: fromFiles(files),
  }),
  knowledge: { sources: ['planning'], projections: [knownPlans], schema: 'known' },
});
