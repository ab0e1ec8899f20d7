import {
  ChannelAdded,
  ContentAdded,
  ContentAssigned,
  PlanDrafted,
  PlanIssued,
} from '@loa/contracts-planning';
import type { Agency } from '../agency/agency.js';

const id = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

export const planId = id(1);
export const issuer = id(2);
export const drafter = id(3);
export const agency = id(4);
export const stranger = id(5);
export const contentId = id(6);
export const channelId = id(7);
export const assignmentId = id(8);

const active: Agency = { status: 'active', name: 'Sở Nội vụ', kind: 'state' };
export const agencies = new Map([issuer, drafter, agency].map((known) => [known, active]));

export const drafted = PlanDrafted({
  planId,
  standingAgencyId: drafter,
  issuerId: issuer,
  title: 'Tuyên truyền công tác CCHC tỉnh Bắc Kạn năm 2022',
  year: 2022,
  purposes: ['Nâng cao nhận thức của cán bộ, công chức, viên chức'],
  requirements: ['Thường xuyên, kịp thời, chính xác'],
});
export const content = { contentId, title: 'Cải cách thủ tục hành chính', illustrative: true };
export const contentAdded = ContentAdded({ planId, ordinal: 1, ...content });
export const channel = { channelId, name: 'Báo in, báo điện tử', unit: 'tin, bài' };
export const channelAdded = ChannelAdded({ planId, ordinal: 1, ...channel });
export const assignment = {
  planId,
  assignmentId,
  contentId,
  mode: 'assigned' as const,
  leads: [agency],
  coordinators: [drafter],
  deadline: { kind: 'by-date' as const, date: '2022-11-30', text: 'Trước ngày 30/11/2022' },
};
export const assigned = ContentAssigned(assignment);
export const number = { number: '211', symbol: 'KH-UBND', issuedOn: '2022-03-31' };
export const issued = PlanIssued({ planId, issuerId: issuer, ...number });
