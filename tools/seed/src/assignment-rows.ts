import type { AssignContent } from '@loa/contracts-planning';
import type { z } from 'zod';
import type { BodyKey } from './agencies.js';
import type { ChannelKey, ContentKey } from './plan.js';

export type Wish = z.input<typeof AssignContent.input>;
/** A body, or a class of them as plans name it. */
export type Assignee = BodyKey | 'every district' | 'every commune';

export interface AssignmentRow {
  readonly content: ContentKey;
  readonly mode: Wish['mode'];
  readonly leads: readonly Assignee[];
  readonly coordinators?: readonly Assignee[];
  readonly deadline: Wish['deadline'];
  readonly target?: { readonly quantity: number; readonly channel: ChannelKey; readonly text: string };
  readonly output?: string;
  readonly asWritten?: string;
}

const always = { kind: 'continuous', text: 'Thường xuyên' } as const;

/** Illustrative: the plan's own rows are not public. The kinds of deadlines are those of real appendices. */
const assigned = {
  'the-che': {
    content: 'the-che',
    mode: 'assigned',
    leads: ['van-phong-ubnd-tinh'],
    coordinators: ['so-noi-vu'],
    deadline: always,
    output: 'Tin, bài; tài liệu tuyên truyền',
  },
  'thu-tuc-cap-tinh': {
    content: 'thu-tuc-hanh-chinh',
    mode: 'assigned',
    leads: ['van-phong-ubnd-tinh'],
    coordinators: ['so-noi-vu', 'every district'],
    deadline: always,
    output: 'Danh mục thủ tục hành chính được niêm yết, công khai',
    asWritten: 'Văn phòng UBND tỉnh chủ trì; Sở Nội vụ, UBND các huyện, thành phố phối hợp',
  },
  'thu-tuc-cap-xa': {
    content: 'thu-tuc-hanh-chinh',
    mode: 'assigned',
    leads: ['every commune'],
    coordinators: ['every district'],
    deadline: always,
    target: {
      quantity: 12,
      channel: 'truyen-thanh-co-so',
      text: 'Mỗi đơn vị ít nhất 12 lượt phát trên truyền thanh cơ sở trong năm (minh họa)',
    },
    asWritten: 'UBND các xã, phường, thị trấn',
  },
  'cuoc-thi': {
    content: 'thu-tuc-hanh-chinh',
    mode: 'assigned',
    leads: ['so-noi-vu'],
    coordinators: ['so-tttt', 'bao-bac-kan', 'dai-ptth'],
    deadline: { kind: 'separate-plan', text: 'Theo Kế hoạch riêng' },
    output: 'Cuộc thi trực tuyến tìm hiểu cải cách hành chính',
  },
  'to-chuc-bo-may': {
    content: 'to-chuc-bo-may',
    mode: 'assigned',
    leads: ['so-noi-vu'],
    coordinators: ['every district'],
    deadline: { kind: 'year', year: 2022, text: '2022' },
  },
  'che-do-cong-vu': {
    content: 'che-do-cong-vu',
    mode: 'assigned',
    leads: ['so-noi-vu'],
    coordinators: ['every district'],
    deadline: { kind: 'by-date', date: '2022-11-30', text: 'Trước ngày 30/11/2022' },
    target: { quantity: 2, channel: 'hoi-nghi', text: '02 hội nghị tập huấn (minh họa)' },
    output: 'Hội nghị tập huấn',
  },
  'tai-chinh-cong': {
    content: 'tai-chinh-cong',
    mode: 'assigned',
    leads: ['van-phong-ubnd-tinh'],
    coordinators: ['every district'],
    deadline: { kind: 'none' },
  },
  'chinh-quyen-so': {
    content: 'chinh-quyen-so',
    mode: 'assigned',
    leads: ['so-tttt', 'van-phong-ubnd-tinh'],
    coordinators: ['every district'],
    deadline: { kind: 'by-date', date: '2022-09-30', text: 'Trước ngày 30/9/2022' },
    output: 'Tin, bài; hội nghị tập huấn',
    asWritten: 'Sở Thông tin và Truyền thông, Văn phòng UBND tỉnh',
  },
  'van-ban-chi-dao': {
    content: 'van-ban-chi-dao',
    mode: 'assigned',
    leads: ['so-noi-vu'],
    coordinators: ['bao-bac-kan', 'dai-ptth', 'so-tttt'],
    deadline: { kind: 'recurring', text: 'Hằng tháng' },
    output: 'Tin, bài',
  },
  'ky-luat-ky-cuong': {
    content: 'ky-luat-ky-cuong',
    mode: 'assigned',
    leads: ['every district'],
    coordinators: ['so-noi-vu'],
    deadline: { kind: 'recurring', text: 'Hằng quý' },
    target: { quantity: 3, channel: 'hoi-nghi', text: 'Mỗi quý một cuộc (minh họa)' },
    asWritten: 'UBND các huyện, thành phố',
  },
  'dich-vu-cong': {
    content: 'dich-vu-cong-truc-tuyen',
    mode: 'assigned',
    leads: ['so-tttt'],
    coordinators: ['van-phong-ubnd-tinh', 'every district', 'every commune'],
    deadline: always,
    asWritten:
      'Sở Thông tin và Truyền thông chủ trì; UBND các huyện, thành phố, UBND các xã, phường, thị trấn phối hợp',
  },
  'mo-hinh-moi': {
    content: 'mo-hinh-moi',
    mode: 'assigned',
    leads: ['bao-bac-kan', 'dai-ptth'],
    coordinators: ['so-noi-vu'],
    deadline: { kind: 'recurring', text: 'Tháng 12 hằng năm' },
    output: 'Chuyên mục, phóng sự',
  },
  'ket-qua-cchc': {
    content: 'ket-qua-cchc',
    mode: 'assigned',
    leads: ['so-noi-vu'],
    coordinators: ['van-phong-ubnd-tinh', 'bao-bac-kan', 'dai-ptth'],
    deadline: { kind: 'after-event', text: 'Sau khi Trung ương công bố kết quả các chỉ số' },
    output: 'Bài phân tích kết quả',
  },
} as const satisfies Readonly<Record<string, AssignmentRow>>;

/** Bodies that the province cannot order: the plan asks (đề nghị) them. */
const requested = {
  'de-nghi-tuyen-giao': {
    content: 'van-ban-chi-dao',
    mode: 'requested',
    leads: ['ban-tuyen-giao'],
    deadline: { kind: 'none' },
    asWritten: 'Đề nghị Ban Tuyên giáo Tỉnh ủy tham gia và phối hợp giám sát công tác tuyên truyền',
  },
  'de-nghi-dan-van': {
    content: 'ky-luat-ky-cuong',
    mode: 'requested',
    leads: ['ban-dan-van'],
    deadline: { kind: 'none' },
    asWritten: 'Đề nghị Ban Dân vận Tỉnh ủy tham gia và phối hợp giám sát công tác tuyên truyền',
  },
  'de-nghi-mttq': {
    content: 'thu-tuc-hanh-chinh',
    mode: 'requested',
    leads: ['mttq-tinh'],
    deadline: always,
    asWritten: 'Đề nghị Ủy ban MTTQ tỉnh tham gia và phối hợp giám sát công tác tuyên truyền',
  },
  'de-nghi-bao-chi-trung-uong': {
    content: 'mo-hinh-moi',
    mode: 'requested',
    leads: ['bao-chi-trung-uong'],
    deadline: { kind: 'none' },
    asWritten: 'Đề nghị các cơ quan báo chí Trung ương thường trú tại tỉnh',
  },
} as const satisfies Readonly<Record<string, AssignmentRow>>;

export type AssignmentKey = keyof typeof assigned | keyof typeof requested;

/** Every content is assigned, and each kind of deadline occurs. */
export const rows: Readonly<Record<AssignmentKey, AssignmentRow>> = { ...assigned, ...requested };
