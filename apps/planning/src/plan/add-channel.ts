import { AddChannel, ChannelAdded } from '@loa/contracts-planning';
import { accept, decision, refuse } from '@loa/event-sourcing';
import { whyNotEditable, type Plan } from './plan.js';

export const addChannel = decision(AddChannel, {}, ({ planId, agencyId, ...channel }, plan: Plan) => {
  const obstacle = whyNotEditable(plan, agencyId);
  if (obstacle) return refuse(obstacle);
  const channelIds = plan.status === 'absent' ? [] : plan.channelIds;
  if (channelIds.includes(channel.channelId)) return refuse('channel-exists', { field: 'channelId' });
  return accept(ChannelAdded({ planId, ordinal: channelIds.length + 1, ...channel }));
});
