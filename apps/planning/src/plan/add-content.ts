import { AddContent, ContentAdded } from '@loa/contracts-planning';
import { accept, decision, refuse } from '@loa/event-sourcing';
import { whyNotEditable, type Plan } from './plan.js';

export const addContent = decision(AddContent, {}, ({ planId, agencyId, ...content }, plan: Plan) => {
  const obstacle = whyNotEditable(plan, agencyId);
  if (obstacle) return refuse(obstacle);
  const contentIds = plan.status === 'absent' ? [] : plan.contentIds;
  if (contentIds.includes(content.contentId)) return refuse('content-exists', { field: 'contentId' });
  return accept(ContentAdded({ planId, ordinal: contentIds.length + 1, ...content }));
});
