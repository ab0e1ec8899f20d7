import { AddChannel, ChannelAdded } from '@loa/contracts-planning';
import { accept, decision, refuse } from '@loa/event-sourcing';
import { isEditable, whyNotEditable, type Plan } from './plan.js';

export const addChannel = decision(AddChannel, {}, ({ planId, agencyId, ...channel }, plan: Plan) => {
  if (!isEditable(plan, agencyId)) return refuse(whyNotEditable(plan));
  if (plan.channelIds.includes(channel.channelId)) return refuse('channel-exists', { field: 'channelId' });
  return accept(ChannelAdded({ planId, ordinal: plan.channelIds.length + 1, ...channel }));
});
