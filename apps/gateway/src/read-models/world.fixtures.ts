import { IndicatorDefined } from '@loa/contracts-monitoring';
import {
  AgencyRegistered,
  ChannelAdded,
  ContentAdded,
  ContentAssigned,
  PlanDrafted,
  PlanIssued,
} from '@loa/contracts-planning';
import {
  ActivityCorrected,
  ActivityDrafted,
  ActivityReturned,
  ActivitySubmitted,
  ActivityVerified,
  EvidenceAttached,
} from '@loa/contracts-reporting';
import { id, type Log, type Times } from './events.fixtures.js';

// A small world: one plan, three contents, two channels, a few agencies. Contents and channels are examples (minh họa).

export const planId = id(1);
export const province = id(10);
export const standing = id(11);
export const districtA = id(12);
export const districtB = id(13);
export const front = id(14);
export const press = id(15);
export const content1 = id(21);
export const content2 = id(22);
export const content3 = id(23);
export const papers = id(31);
export const meetings = id(32);

const agencies = [
  [province, 'UBND tỉnh Bắc Kạn', 'state', 'province'],
  [standing, 'Sở Nội vụ', 'state', 'province'],
  [districtA, 'UBND huyện Ba Bể', 'state', 'district'],
  [districtB, 'UBND huyện Chợ Đồn', 'state', 'district'],
  [front, 'Ủy ban Mặt trận Tổ quốc tỉnh', 'front', 'province'],
  [press, 'Báo Bắc Kạn', 'press', 'province'],
] as const;

const at = (recordedAt: string): Times => ({ recordedAt });

export function registerAgencies(log: Log, recordedAt = '2022-01-05T00:00:00Z'): void {
  for (const [agencyId, name, kind, level] of agencies) {
    log.add(agencyId, AgencyRegistered({ agencyId, name, kind, level }), at(recordedAt));
  }
}

export function draftPlan(log: Log, plan = planId, recordedAt = '2022-02-01T01:00:00Z'): void {
  const add = (fact: Parameters<Log['add']>[1]) => log.add(plan, fact, at(recordedAt));
  add(
    PlanDrafted({
      planId: plan,
      standingAgencyId: standing,
      issuerId: province,
      title: 'Tuyên truyền công tác CCHC tỉnh Bắc Kạn năm 2022',
      year: 2022,
      purposes: ['Nâng cao nhận thức'],
      requirements: ['Thường xuyên, kịp thời, chính xác'],
      provenance: { source: 'Trang tin CCHC tỉnh Bắc Kạn', author: 'Lý Thuấn' },
    }),
  );
  [content1, content2, content3].forEach((contentId, index) =>
    add(
      ContentAdded({
        planId: plan,
        contentId,
        ordinal: index + 1,
        title: `Nội dung ${index + 1}`,
        illustrative: true,
      }),
    ),
  );
  add(
    ChannelAdded({
      planId: plan,
      channelId: papers,
      ordinal: 1,
      name: 'Báo in, báo điện tử',
      unit: 'tin, bài',
    }),
  );
  add(
    ChannelAdded({ planId: plan, channelId: meetings, ordinal: 2, name: 'Hội nghị, tập huấn', unit: 'cuộc' }),
  );
}

type Assigned = Parameters<typeof ContentAssigned>[0];

export const assignment = (n: number, more: Partial<Assigned> = {}): Assigned => ({
  planId,
  assignmentId: id(100 + n),
  contentId: content1,
  mode: 'assigned',
  leads: [districtA],
  coordinators: [],
  deadline: { kind: 'by-date', date: '2022-11-30', text: 'Trước ngày 30/11/2022' },
  ...more,
});

export const assign = (
  log: Log,
  n: number,
  more: Partial<Assigned> = {},
  recordedAt = '2022-02-01T01:00:00Z',
): Log => log.add(more.planId ?? planId, ContentAssigned(assignment(n, more)), at(recordedAt));

export const issue = (log: Log, plan = planId, recordedAt = '2022-03-31T02:00:00Z'): Log =>
  log.add(
    plan,
    PlanIssued({
      planId: plan,
      issuerId: province,
      number: '211',
      symbol: 'KH-UBND',
      issuedOn: '2022-03-31',
    }),
    at(recordedAt),
  );

type Drafted = Parameters<typeof ActivityDrafted>[0];

export const activity = (n: number, more: Partial<Drafted> = {}): Drafted => ({
  activityId: id(1_000 + n),
  agencyId: districtA,
  planId,
  contentId: content1,
  channelId: meetings,
  title: `Hội nghị ${n}`,
  held: { from: '2022-05-10T01:00:00Z', to: '2022-05-10T04:30:00Z' },
  place: 'Hội trường UBND huyện',
  quantity: 1,
  reach: [{ audience: 'officials', people: 85 }],
  ...more,
});

export const verdicts = ['draft', 'submitted', 'returned', 'verified'] as const;

/** An activity that comes as far as asked; a minute passes between its events. */
export function carryOut(
  log: Log,
  n: number,
  status: (typeof verdicts)[number] = 'draft',
  more: Partial<Drafted> = {},
  begun = '2022-05-11T02:00:00Z',
): string {
  const drafted = activity(n, more);
  const { activityId, agencyId } = drafted;
  let minute = 0;
  const add = (fact: Parameters<Log['add']>[1]) =>
    log.add(activityId, fact, at(new Date(Date.parse(begun) + minute++ * 60_000).toISOString()));
  add(ActivityDrafted(drafted));
  if (status === 'draft') return activityId;
  add(
    EvidenceAttached({
      activityId,
      evidenceId: id(50_000 + n),
      title: 'Bài đăng',
      link: 'https://example.org/1',
    }),
  );
  add(ActivitySubmitted({ activityId, agencyId, planId: drafted.planId }));
  if (status === 'returned')
    add(ActivityReturned({ activityId, returnedBy: standing, reason: `Thiếu danh sách ${n}` }));
  if (status === 'verified') add(ActivityVerified({ activityId, verifiedBy: standing }));
  return activityId;
}

export const correct = (log: Log, activityId: string, more: object, recordedAt: string): Log =>
  log.add(activityId, ActivityCorrected({ activityId, ...more }), at(recordedAt));

type Defined = Parameters<typeof IndicatorDefined>[0];

export const indicator = (n: number, more: Partial<Defined> = {}): Defined => ({
  indicatorId: id(200 + n),
  planId,
  definedBy: standing,
  name: `Chỉ số ${n}`,
  unit: 'cuộc',
  measure: 'activities',
  contentIds: [],
  channelIds: [],
  agencyIds: [],
  audiences: [],
  target: 4,
  ...more,
});

export const define = (
  log: Log,
  n: number,
  more: Partial<Defined> = {},
  recordedAt = '2022-04-01T00:00:00Z',
): Log => log.add(id(200 + n), IndicatorDefined(indicator(n, more)), at(recordedAt));
