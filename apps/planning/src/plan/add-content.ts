import { AddContent, ContentAdded } from '@loa/contracts-planning';
import { accept, decision, refuse } from '@loa/event-sourcing';
import { isEditable, whyNotEditable, type Plan } from './plan.js';

export const addContent = decision(AddContent, {}, ({ planId, agencyId, ...content }, plan: Plan) => {
  if (!isEditable(plan, agencyId)) return refuse(whyNotEditable(plan));
  if (plan.contentIds.includes(content.contentId)) return refuse('content-exists', { field: 'contentId' });
  return accept(ContentAdded({ planId, ordinal: plan.contentIds.length + 1, ...content }));
});
