import { text } from '@loa/event-sourcing';
import { z } from 'zod';
import { AgencyId, ContentId, PlanId } from '../ids.js';
import { command } from '../language.js';

export const AddContent = command('AddContent', {
  meaning: 'Add a content (nội dung) that the plan wants communicated.',
  target: 'planId',
  input: z.object({
    planId: PlanId,
    agencyId: AgencyId.meta({ description: 'The agency that drafts the plan.' }),
    contentId: ContentId,
    title: text(1000),
    illustrative: z
      .boolean()
      .default(false)
      .meta({ description: 'True (minh họa) when the text is an example and not quoted from the plan.' }),
  }),
  refusals: ['plan-not-found', 'not-the-drafter', 'already-issued', 'content-exists'],
});
