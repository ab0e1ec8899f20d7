import type { Activity, Step } from './activity.js';
import type { Directory } from './agencies.js';
import { at, minute } from './local-time.js';
import type { ChannelKey, ContentKey } from './plan.js';

interface Row {
  readonly agency: string;
  readonly content: ContentKey;
  readonly channel: ChannelKey;
  readonly title: string;
  readonly place: string;
  /** Local times; `to` is left out for what happens at one instant, such as a post. */
  readonly from: string;
  readonly to?: string;
  readonly submitted: string;
  readonly verified: string;
  readonly quantity: number;
  readonly citizens: number;
}

const post = {
  content: 'dich-vu-cong-truc-tuyen',
  channel: 'mang-xa-hoi',
  place: 'Mạng xã hội',
  quantity: 1,
} as const;

const radio = { content: 'thu-tuc-hanh-chinh', channel: 'truyen-thanh-co-so' } as const;

/**
 * Both sides of every edge of the reporting calendar (months 15th to 14th, due by the end of the 17th), and of the day
 * in Vietnam, which begins at 17:00Z. Held at one instant, so that nobody can argue which side it is on.
 */
const rows = {
  'cut-off-14-06-last-minute': {
    ...post,
    agency: 'huyen-cho-don',
    title: 'Bài đăng hẹn giờ cuối ngày 14/6 về dịch vụ công trực tuyến mức độ 3, mức độ 4',
    from: '2022-06-14T23:59',
    submitted: '2022-06-16T09:20',
    verified: '2022-06-21T10:05',
    citizens: 420,
  },
  'cut-off-15-06-first-minute': {
    ...post,
    agency: 'huyen-cho-don',
    title: 'Bài đăng hẹn giờ đầu ngày 15/6 về dịch vụ công trực tuyến mức độ 3, mức độ 4',
    from: '2022-06-15T00:00',
    submitted: '2022-06-16T09:40',
    verified: '2022-06-21T10:15',
    citizens: 380,
  },
  'cut-off-14-09-last-minute': {
    ...post,
    agency: 'thanh-pho-bac-kan',
    title: 'Bài đăng hẹn giờ cuối ngày 14/9 về thanh toán trực tuyến phí, lệ phí',
    from: '2022-09-14T23:59',
    submitted: '2022-09-16T14:10',
    verified: '2022-09-20T08:45',
    citizens: 910,
  },
  'cut-off-15-09-first-minute': {
    ...post,
    agency: 'thanh-pho-bac-kan',
    title: 'Bài đăng hẹn giờ đầu ngày 15/9 về thanh toán trực tuyến phí, lệ phí',
    from: '2022-09-15T00:00',
    submitted: '2022-09-16T14:25',
    verified: '2022-09-20T08:55',
    citizens: 870,
  },
  'cut-off-14-12': {
    ...radio,
    agency: 'thi-tran-phu-thong',
    title: 'Bản tin truyền thanh ngày 14/12: giải quyết thủ tục hành chính theo cơ chế một cửa',
    place: 'Hệ thống truyền thanh thị trấn Phủ Thông',
    from: '2022-12-14T17:00',
    to: '2022-12-14T17:30',
    submitted: '2022-12-16T08:15',
    verified: '2022-12-22T09:30',
    quantity: 2,
    citizens: 1200,
  },
  'cut-off-15-12': {
    ...radio,
    agency: 'thi-tran-phu-thong',
    title: 'Bản tin truyền thanh ngày 15/12: giải quyết thủ tục hành chính theo cơ chế một cửa',
    place: 'Hệ thống truyền thanh thị trấn Phủ Thông',
    from: '2022-12-15T05:30',
    to: '2022-12-15T06:00',
    submitted: '2022-12-16T08:30',
    verified: '2022-12-22T09:40',
    quantity: 2,
    citizens: 1200,
  },
  /** Of the plan's year 2022, and of the reporting year 2023, which began on 15 December. */
  'plan-year-20-12': {
    ...radio,
    agency: 'xa-duong-quang',
    title: 'Bản tin truyền thanh ngày 20/12: thủ tục chứng thực bản sao, chữ ký',
    place: 'Hệ thống truyền thanh xã Dương Quang',
    from: '2022-12-20T17:00',
    to: '2022-12-20T17:20',
    submitted: '2022-12-23T10:00',
    verified: '2023-01-05T14:30',
    quantity: 1,
    citizens: 640,
  },
  'due-17-10-last-minute': {
    ...radio,
    agency: 'huyen-na-ri',
    title: 'Bản tin truyền thanh tuần đầu tháng 10: tiếp nhận phản ánh, kiến nghị về quy định hành chính',
    place: 'Hệ thống truyền thanh huyện Na Rì',
    from: '2022-10-05T17:00',
    to: '2022-10-05T17:30',
    submitted: '2022-10-17T23:59',
    verified: '2022-10-24T15:10',
    quantity: 4,
    citizens: 3600,
  },
  'due-18-10-first-minute': {
    ...radio,
    agency: 'huyen-na-ri',
    title: 'Bản tin truyền thanh tuần hai tháng 10: tiếp nhận phản ánh, kiến nghị về quy định hành chính',
    place: 'Hệ thống truyền thanh huyện Na Rì',
    from: '2022-10-12T17:00',
    to: '2022-10-12T17:30',
    submitted: '2022-10-18T00:00',
    verified: '2022-10-24T15:20',
    quantity: 4,
    citizens: 3500,
  },
} as const satisfies Readonly<Record<string, Row>>;

export type CutOffKey = keyof typeof rows;

export const cutOffKeys = Object.keys(rows) as readonly CutOffKey[];

function steps({ submitted, verified }: Row): readonly Step[] {
  const handedIn = at(submitted);
  return [
    { did: 'draft', at: handedIn - 25 * minute },
    { did: 'attach', at: handedIn - 12 * minute, title: 'Nhật ký đăng tải, phát sóng có ghi giờ' },
    { did: 'submit', at: handedIn },
    { did: 'verify', at: at(verified) },
  ];
}

export function cutOffActivities({
  named,
}: Directory): readonly { activity: Activity; steps: readonly Step[] }[] {
  return cutOffKeys.map((key) => {
    const row: Row = rows[key];
    const { agency, content, channel, title, place, from, to = from, quantity, citizens } = row;
    const reach = [{ audience: 'citizens' as const, people: citizens }];
    const held = { from: at(from), to: at(to) };
    return {
      activity: { key, agency: named(agency), content, channel, title, place, quantity, reach, ...held },
      steps: steps(row),
    };
  });
}
