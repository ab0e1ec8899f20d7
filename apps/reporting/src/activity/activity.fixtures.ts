import {
  ActivityDrafted,
  ActivityReturned,
  ActivitySubmitted,
  ActivityVerified,
  EvidenceAttached,
} from '@loa/contracts-reporting';
import { assignee, type KnownAgencies, type KnownPlan, type KnownPlans } from '@loa/known-plans';

const id = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

export const activityId = id(1);
export const agencyId = id(2);
export const standing = id(3);
export const stranger = id(4);
export const planId = id(5);
export const contentId = id(6);
export const channelId = id(7);
export const evidenceId = id(8);

export const plan: KnownPlan = {
  plan_id: planId,
  standing_agency_id: standing,
  issued: true,
  content_ids: [contentId],
  channel_ids: [channelId],
  assignees: [assignee(contentId, agencyId)],
};
export const plans: KnownPlans = new Map([[planId, plan]]);
export const agencies: KnownAgencies = new Map(
  [agencyId, stranger].map((known) => [known, { agency_id: known, name: 'UBND huyện Pác Nặm' }]),
);

export const draft = {
  activityId,
  agencyId,
  planId,
  contentId,
  channelId,
  title: 'Hội nghị tập huấn cải cách thủ tục hành chính',
  held: { from: '2022-05-10T01:00:00.000Z', to: '2022-05-10T04:30:00.000Z' },
  place: 'Hội trường UBND huyện Pác Nặm',
  quantity: 1,
  reach: [{ audience: 'officials' as const, people: 85 }],
};
export const drafted = ActivityDrafted(draft);
export const evidence = { evidenceId, title: 'Bài trên trang thông tin', link: 'https://example.org/tin/1' };
export const attached = EvidenceAttached({ activityId, ...evidence });
export const submitted = ActivitySubmitted({ activityId, agencyId, planId });
export const returned = ActivityReturned({
  activityId,
  returnedBy: standing,
  reason: 'Thiếu danh sách tham dự',
});
export const verified = ActivityVerified({ activityId, verifiedBy: standing });
