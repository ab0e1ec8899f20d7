import { text } from '@loa/event-sourcing';
import { z } from 'zod';
import { AgencyId, ChannelId, PlanId } from '../ids.js';
import { command } from '../language.js';

export const AddChannel = command('AddChannel', {
  meaning: 'Add a channel (hình thức) of communication, with the unit it is counted in.',
  target: 'planId',
  input: z.object({
    planId: PlanId,
    agencyId: AgencyId.meta({ description: 'The agency that drafts the plan.' }),
    channelId: ChannelId,
    name: text(300),
    unit: text(100).meta({ description: 'What one of it is called, e.g. tin/bài, cuộc, lượt phát.' }),
  }),
  refusals: ['plan-not-found', 'not-the-drafter', 'already-issued', 'channel-exists'],
});
