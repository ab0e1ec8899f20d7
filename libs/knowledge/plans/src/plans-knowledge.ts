import { planning } from '@loa/contracts-planning';
import { knownPlans } from './known-plans.js';
import { KnownPlansGenerations1700000007000 } from './known-plans-generations.migration.js';
import { KnownPlansParking1700000003000 } from './known-plans-parking.migration.js';
import { KnownPlansUnknownTypes1700000010000 } from './known-plans-unknown-types.migration.js';
import { KnownPlans1700000001000 } from './known-plans.migration.js';

/** What a context that keeps planning's facts reads, and where its rows and the records about their generations are. */
export const plansKnowledge = {
  sources: [planning.context],
  projections: [knownPlans],
  schema: 'known',
  registry: 'operations',
  knownTypes: new Set<string>(planning.events.map(({ type }) => type)),
};

/** The schemas `known` and `operations`, oldest first; a context puts them behind those of its log. */
export const plansKnowledgeMigrations = [
  KnownPlans1700000001000,
  KnownPlansParking1700000003000,
  KnownPlansGenerations1700000007000,
  KnownPlansUnknownTypes1700000010000,
];
