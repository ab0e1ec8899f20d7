import { IndicatorDefined, TargetRevised } from '@loa/contracts-monitoring';
import {
  AcknowledgeAssignment,
  AgencyRegistered,
  AssignmentAcknowledged,
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
  EvidenceWithdrawn,
} from '@loa/contracts-reporting';
import type { DomainEvent } from '@loa/event-sourcing';
import { streamIdOf } from '@loa/service';

/** An event of the corpus, as it is stored; position and version follow from its place. */
export interface StoryEvent {
  readonly streamId: string;
  readonly type: string;
  readonly schemaVersion: number;
  readonly data: unknown;
  /** RFC 3339. */
  readonly occurredAt: string;
  readonly recordedAt: string;
}

/** The logs of the contexts, each in its order. */
export type Story = Readonly<Record<string, readonly StoryEvent[]>>;

/**
 * One small story with every event and every field that this release can state: a plan of Bắc Kạn province in 2022, from
 * the directory to a revised target. A new event, version or field is added here; `npm run contracts` then writes a new
 * chapter of the corpus from it, and earlier chapters stay as they are.
 */
export function storyOf(chapter: number): Story {
  const ids = idsOf(chapter);
  return { planning: planningOf(ids), reporting: reportingOf(ids), monitoring: monitoringOf(ids) };
}

type Ids = ReturnType<typeof idsOf>;

/** Ids of one chapter; no two chapters share one. */
function idsOf(chapter: number) {
  const id = (n: number) =>
    `${String(chapter).padStart(8, '0')}-0000-4000-8000-${String(n).padStart(12, '0')}`;
  return {
    plan: id(1),
    province: id(10),
    standing: id(11),
    district: id(12),
    commune: id(13),
    front: id(14),
    press: id(15),
    contents: [id(21), id(22)],
    papers: id(31),
    meetings: id(32),
    assignment: (n: number) => id(40 + n),
    activity: id(51),
    link: id(61),
    photos: id(62),
    indicator: id(71),
  };
}

/** Takes facts down one after the other, an hour apart; entered late where a second instant says so. */
class Log {
  readonly events: StoryEvent[] = [];
  private clock: number;

  constructor(begins: string) {
    this.clock = Date.parse(begins);
  }

  add(streamId: string, { type, schemaVersion, data }: DomainEvent, happened?: string): this {
    const recordedAt = new Date(this.clock).toISOString();
    this.clock += 3_600_000;
    this.events.push({ streamId, type, schemaVersion, data, occurredAt: happened ?? recordedAt, recordedAt });
    return this;
  }
}

function planningOf(ids: Ids): readonly StoryEvent[] {
  const log = new Log('2022-01-05T01:00:00.000Z');
  directory(log, ids);
  draft(log, ids);
  assignments(log, ids);
  const { plan, province, district, assignment } = ids;
  log.add(
    plan,
    PlanIssued({
      planId: plan,
      issuerId: province,
      number: '211',
      symbol: 'KH-UBND',
      issuedOn: '2022-03-31',
    }),
    '2022-03-31T02:00:00.000Z',
  );
  const acknowledged = { planId: plan, assignmentId: assignment(1), agencyId: district };
  const target = AcknowledgeAssignment.target.map(
    (field) => acknowledged[field as keyof typeof acknowledged],
  );
  log.add(streamIdOf('receipt', target), AssignmentAcknowledged(acknowledged));
  return log.events;
}

function directory(log: Log, { province, standing, district, commune, front, press }: Ids): void {
  const register = (agency: Parameters<typeof AgencyRegistered>[0]) =>
    log.add(agency.agencyId, AgencyRegistered(agency));
  register({
    agencyId: province,
    name: 'UBND tỉnh Bắc Kạn',
    kind: 'state',
    level: 'province',
    gsoCode: '06',
  });
  register({ agencyId: standing, name: 'Sở Nội vụ', kind: 'state', level: 'province', parentId: province });
  const stateBody = { kind: 'state' as const };
  register({
    ...stateBody,
    agencyId: district,
    name: 'UBND huyện Ba Bể',
    level: 'district',
    parentId: province,
    gsoCode: '061',
  });
  register({
    ...stateBody,
    agencyId: commune,
    name: 'UBND xã Khang Ninh',
    level: 'commune',
    parentId: district,
    gsoCode: '01903',
  });
  register({ agencyId: front, name: 'Ủy ban MTTQ Việt Nam tỉnh', kind: 'front', level: 'province' });
  register({ agencyId: press, name: 'Báo Bắc Kạn', kind: 'press', level: 'province' });
}

function draft(log: Log, { plan: planId, province, standing, contents, papers, meetings }: Ids): void {
  const add = (fact: DomainEvent) => log.add(planId, fact);
  add(
    PlanDrafted({
      planId,
      standingAgencyId: standing,
      issuerId: province,
      title: 'Tuyên truyền công tác cải cách hành chính tỉnh Bắc Kạn năm 2022',
      year: 2022,
      purposes: ['Nâng cao nhận thức của cán bộ, công chức và người dân về cải cách hành chính'],
      requirements: ['Thường xuyên, kịp thời, chính xác', 'Lồng ghép với nhiệm vụ chuyên môn'],
      provenance: {
        source: 'Trang tin cải cách hành chính tỉnh Bắc Kạn',
        author: 'Sở Nội vụ',
        link: 'https://example.org/ke-hoach-tuyen-truyen-2022',
        note: 'Rút gọn để minh họa',
      },
    }),
  );
  const titles = ['Chương trình tổng thể cải cách hành chính', 'Dịch vụ công trực tuyến'];
  titles.forEach((title, index) =>
    add(
      ContentAdded({
        planId,
        contentId: contents[index]!,
        ordinal: index + 1,
        title,
        illustrative: index === 1,
      }),
    ),
  );
  add(ChannelAdded({ planId, channelId: papers, ordinal: 1, name: 'Báo in, báo điện tử', unit: 'tin, bài' }));
  add(ChannelAdded({ planId, channelId: meetings, ordinal: 2, name: 'Hội nghị, tập huấn', unit: 'cuộc' }));
}

function assignments(log: Log, ids: Ids): void {
  const { plan: planId, contents, district, commune, front, press, meetings, assignment } = ids;
  const assign = (fact: Omit<Parameters<typeof ContentAssigned>[0], 'planId'>) =>
    log.add(planId, ContentAssigned({ planId, ...fact }));
  assign({
    assignmentId: assignment(1),
    contentId: contents[0]!,
    mode: 'assigned',
    leads: [district],
    coordinators: [commune, front],
    deadline: { kind: 'by-date', date: '2022-11-30', text: 'Trước ngày 30/11/2022' },
    target: { quantity: 4, channelId: meetings, text: 'Ít nhất mỗi quý một hội nghị' },
    output: 'Hội nghị được tổ chức, có danh sách người dự',
    asWritten: 'UBND các huyện, thành phố',
  });
  assign({
    assignmentId: assignment(2),
    contentId: contents[1]!,
    mode: 'requested',
    leads: [press],
    coordinators: [],
    deadline: { kind: 'year', year: 2022 },
  });
}

function reportingOf(ids: Ids): readonly StoryEvent[] {
  const { plan: planId, activity: activityId, district, standing, contents, papers, meetings } = ids;
  const log = new Log('2022-05-11T02:00:00.000Z');
  const add = (fact: DomainEvent, happened?: string) => log.add(activityId, fact, happened);
  add(
    ActivityDrafted({
      activityId,
      agencyId: district,
      planId,
      contentId: contents[1]!,
      channelId: papers,
      title: 'Hội nghị tuyên truyền cải cách hành chính quý II',
      held: { from: '2022-05-10T01:00:00.000Z', to: '2022-05-10T04:30:00.000Z' },
      place: 'Hội trường UBND huyện',
      quantity: 1,
      reach: [{ audience: 'officials', people: 85 }],
    }),
    '2022-05-10T05:00:00.000Z',
  );
  evidence(add, ids);
  const handedIn = () => add(ActivitySubmitted({ activityId, agencyId: district, planId }));
  handedIn();
  add(ActivityReturned({ activityId, returnedBy: standing, reason: 'Ghi sai hình thức và số người dự' }));
  add(ActivityCorrected({ activityId, place: 'Hội trường tầng 2, UBND huyện' }));
  add(
    ActivityCorrected({
      activityId,
      contentId: contents[0]!,
      channelId: meetings,
      title: 'Hội nghị tuyên truyền cải cách hành chính quý II năm 2022',
      held: { from: '2022-05-10T01:00:00.000Z', to: '2022-05-10T09:00:00.000Z' },
      place: 'Hội trường UBND huyện Ba Bể',
      quantity: 2,
      reach: [
        { audience: 'officials', people: 82 },
        { audience: 'citizens', people: 40 },
      ],
    }),
  );
  handedIn();
  add(ActivityVerified({ activityId, verifiedBy: standing }));
  return log.events;
}

function evidence(add: (fact: DomainEvent) => unknown, { activity: activityId, link, photos }: Ids): void {
  add(
    EvidenceAttached({
      activityId,
      evidenceId: link,
      title: 'Bài trên trang tin của huyện',
      link: 'https://example.org/hoi-nghi-quy-2',
    }),
  );
  add(
    EvidenceAttached({
      activityId,
      evidenceId: photos,
      title: 'Danh sách người dự',
      file: {
        sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
        bytes: 48_213,
        mediaType: 'application/pdf',
        name: 'danh-sach-nguoi-du.pdf',
      },
    }),
  );
  add(EvidenceWithdrawn({ activityId, evidenceId: link }));
}

function monitoringOf(ids: Ids): readonly StoryEvent[] {
  const { indicator: indicatorId, plan: planId, standing, contents, meetings, district } = ids;
  const log = new Log('2022-04-01T00:00:00.000Z');
  log.add(
    indicatorId,
    IndicatorDefined({
      indicatorId,
      planId,
      definedBy: standing,
      name: 'Số hội nghị tuyên truyền ở cấp huyện',
      unit: 'cuộc',
      measure: 'quantity',
      contentIds: [contents[0]!],
      channelIds: [meetings],
      agencyIds: [district],
      audiences: ['officials', 'citizens'],
      target: 32,
    }),
  );
  log.add(
    indicatorId,
    TargetRevised({ indicatorId, target: 28, reason: 'Một số huyện lồng ghép hội nghị với tập huấn' }),
  );
  return log.events;
}
