import { IndicatorDefined } from '@loa/contracts-monitoring';
import type { KnownAgencies, KnownPlans } from '@loa/known-plans';

const id = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

export const indicatorId = id(1);
export const planId = id(2);
export const standing = id(3);
export const agency = id(4);
export const stranger = id(5);
export const contentId = id(6);
export const channelId = id(7);

export const plans: KnownPlans = new Map([
  [
    planId,
    {
      plan_id: planId,
      standing_agency_id: standing,
      issued: true,
      content_ids: [contentId],
      channel_ids: [channelId],
      assignees: [],
    },
  ],
]);
export const agencies: KnownAgencies = new Map([[agency, { agency_id: agency, name: 'UBND huyện Ba Bể' }]]);

export const definition = {
  indicatorId,
  planId,
  name: 'Tin, bài về cải cách hành chính của UBND huyện',
  unit: 'tin, bài',
  measure: 'quantity' as const,
  contentIds: [contentId],
  channelIds: [channelId],
  agencyIds: [agency],
  audiences: [],
  target: 40,
};
export const defined = IndicatorDefined({ ...definition, definedBy: standing });
