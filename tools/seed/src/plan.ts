import { AddChannel, AddContent, DraftPlan, IssuePlan } from '@loa/contracts-planning';
import type { Directory } from './agencies.js';
import { byKey, idOf } from './ids.js';
import { at, minute } from './local-time.js';
import { seedCommand, type SeedCommand } from './seed-command.js';

export const planId = idOf('plan', '211-kh-ubnd-2022');

/** What is public of the plan: the news page on it. Its own text was not found. */
export const plan = {
  key: '211-kh-ubnd-2022',
  id: planId,
  title: 'Về tuyên truyền công tác cải cách hành chính tỉnh Bắc Kạn năm 2022',
  year: 2022,
  number: '211',
  symbol: 'KH-UBND',
  issuedOn: '2022-03-31',
  purposes: [
    'Nâng cao nhận thức của cán bộ, công chức, viên chức, người lao động về công tác cải cách hành chính.',
    'Tạo sự đồng thuận, sự tham gia của người dân và doanh nghiệp đối với công tác cải cách hành chính.',
    'Nâng cao trách nhiệm của người đứng đầu cơ quan, đơn vị trong chỉ đạo, thực hiện cải cách hành chính.',
  ],
  requirements: [
    'Tuyên truyền thường xuyên, kịp thời, chính xác.',
    'Nội dung, hình thức tuyên truyền phù hợp với từng đối tượng và từng địa bàn.',
    'Lồng ghép với các đợt tuyên truyền khác của cơ quan, đơn vị, địa phương.',
  ],
  provenance: {
    source: 'Trang tin cchc.backan.gov.vn về Kế hoạch số 211/KH-UBND ngày 31/3/2022',
    author: 'Lý Thuấn',
    note:
      'Mục đích, yêu cầu tóm lược theo trang tin. Danh mục nội dung, bảng phân công và chỉ tiêu của Kế hoạch không được ' +
      'công bố: nội dung, phân công, thời hạn, chỉ tiêu, hoạt động và minh chứng ở đây là minh họa.',
  },
} as const;

const contentTitles = {
  'the-che': 'Cải cách thể chế',
  'thu-tuc-hanh-chinh': 'Cải cách thủ tục hành chính',
  'to-chuc-bo-may': 'Cải cách tổ chức bộ máy hành chính nhà nước',
  'che-do-cong-vu': 'Cải cách chế độ công vụ',
  'tai-chinh-cong': 'Cải cách tài chính công',
  'chinh-quyen-so': 'Xây dựng và phát triển Chính phủ điện tử, Chính phủ số',
  'van-ban-chi-dao': 'Văn bản chỉ đạo của Trung ương, của tỉnh về cải cách hành chính',
  'ky-luat-ky-cuong': 'Trách nhiệm người đứng đầu, kỷ luật, kỷ cương hành chính',
  'dich-vu-cong-truc-tuyen': 'Dịch vụ công trực tuyến mức độ 3, mức độ 4',
  'mo-hinh-moi': 'Mô hình mới, gương điển hình trong cải cách hành chính',
  'ket-qua-cchc': 'Kết quả cải cách hành chính, PAR INDEX, SIPAS của tỉnh',
} as const;
export type ContentKey = keyof typeof contentTitles;

const channelForms = {
  'bao-in-dien-tu': ['Báo in, báo điện tử', 'tin, bài'],
  'phat-thanh-truyen-hinh': ['Phát thanh, truyền hình', 'lần phát'],
  'truyen-thanh-co-so': ['Truyền thanh cơ sở (huyện, xã)', 'lượt phát'],
  'trang-thong-tin': ['Cổng, trang thông tin điện tử; bản tin điện tử', 'tin, bài'],
  'to-roi': ['Tờ gấp, tờ rơi', 'tờ'],
  'pano-bang-ron': ['Pa nô, áp phích, băng rôn, phướn', 'tấm'],
  'bang-dien-tu': ['Cổng chào, bảng LED, bảng quang báo', 'lần thay nội dung'],
  'xe-loa': ['Xe loa cổ động', 'xuất xe'],
  'hoi-nghi': ['Hội nghị, tập huấn, giao ban, lồng ghép', 'cuộc'],
  'toa-dam': ['Tọa đàm, đối thoại, giao lưu trực tuyến', 'cuộc'],
  'cuoc-thi': ['Cuộc thi, hội thi trực tuyến', 'lượt dự thi'],
  'mang-xa-hoi': ['Mạng xã hội (Facebook, fanpage, YouTube)', 'bài đăng'],
  // The sources give no unit for this one; a contract wants one.
  'niem-yet': ['Niêm yết, công khai thủ tục hành chính', 'lần niêm yết'],
} as const;
export type ChannelKey = keyof typeof channelForms;

export interface SeedContent {
  readonly key: ContentKey;
  readonly id: string;
  readonly title: string;
}

export interface SeedChannel {
  readonly key: ChannelKey;
  readonly id: string;
  readonly name: string;
  readonly unit: string;
}

const keysOf = <K extends string>(table: Readonly<Record<K, unknown>>): readonly K[] =>
  Object.keys(table) as K[];

export const contentKeys = keysOf(contentTitles);
export const channelKeys = keysOf(channelForms);

export const contents = byKey<ContentKey, SeedContent>(
  contentKeys.map((key) => ({ key, id: idOf('content', key), title: contentTitles[key] })),
);

export const channels = byKey<ChannelKey, SeedChannel>(
  channelKeys.map((key) => {
    const [name, unit] = channelForms[key];
    return { key, id: idOf('channel', key), name, unit };
  }),
);

/** February 2022: Sở Nội vụ begins the draft, adds its contents on one day and its channels on another. */
export function draftingCommands({ byKey: agency }: Directory): readonly SeedCommand[] {
  const { title, year, purposes, requirements, provenance } = plan;
  const drafter = { planId, agencyId: agency['so-noi-vu'].id };
  const draft = {
    ...drafter,
    issuerId: agency['ubnd-tinh'].id,
    title,
    year,
    purposes: [...purposes],
    requirements: [...requirements],
    provenance,
  };
  return [
    seedCommand('plan', DraftPlan, draft, at('2022-02-14T08:30'), 'plan/draft'),
    ...contentKeys.map((key, index) => {
      const input = {
        ...drafter,
        contentId: contents[key].id,
        title: contents[key].title,
        illustrative: true,
      };
      return seedCommand(
        'plan',
        AddContent,
        input,
        at('2022-02-21T09:00') + index * 4 * minute,
        `content/${key}`,
      );
    }),
    ...channelKeys.map((key, index) => {
      const { id: channelId, name, unit } = channels[key];
      const added = at('2022-02-22T14:00') + index * 3 * minute;
      return seedCommand('plan', AddChannel, { ...drafter, channelId, name, unit }, added, `channel/${key}`);
    }),
  ];
}

const issued = at('2022-03-31T15:30');

export function issuing({ byKey: agency }: Directory): SeedCommand {
  const { number, symbol, issuedOn } = plan;
  const input = { planId, agencyId: agency['ubnd-tinh'].id, number, symbol, issuedOn };
  return seedCommand('plan', IssuePlan, input, issued, 'plan/issue');
}
