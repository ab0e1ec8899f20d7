import { text, webAddress } from '@loa/event-sourcing';
import { z } from 'zod';
import { AgencyId, PlanId } from '../ids.js';
import { command } from '../language.js';

/** Where what is known of the plan comes from: every public item names its source. */
export const Provenance = z
  .object({
    source: text(500),
    author: text(200).optional(),
    link: webAddress.optional(),
    note: text(1000).optional(),
  })
  .meta({ id: 'Provenance', description: 'Where the text comes from.' });

export const PlanYear = z.int().min(1990).max(2100).meta({ description: 'The year the plan is for.' });

export const DraftPlan = command('DraftPlan', {
  meaning: 'Begin a communication plan: who drafts and follows it, who will issue it, what it is for.',
  target: 'planId',
  creates: true,
  input: z.object({
    planId: PlanId,
    agencyId: AgencyId.meta({
      description: 'The standing agency: it drafts the plan, follows it and verifies reports.',
    }),
    issuerId: AgencyId.meta({ description: 'The authority that will issue the plan.' }),
    title: text(500),
    year: PlanYear,
    purposes: z.array(text(2000)).max(50),
    requirements: z.array(text(2000)).max(50),
    provenance: Provenance.optional(),
  }),
  refusals: ['plan-exists', 'agency-not-found'],
});
