import type { SeedAgency } from './agencies.js';
import type { ChannelKey } from './plan.js';

/** What an agency did, as far as its sentences need it. */
export interface Scene {
  readonly agency: SeedAgency;
  readonly topic: string;
  /** As people write it: 9/2022. */
  readonly month: string;
}

type Sentence = (scene: Scene) => string;

interface Wording {
  /** Ways to do it: what it is called, where it is held and, when not all that the channel reaches, for whom. */
  readonly ways: readonly {
    readonly title: Sentence;
    readonly place: Sentence;
    readonly audience?: 'officials';
  }[];
  /** What proves it. */
  readonly evidence: readonly string[];
}

const seat = ({ agency }: Scene): string =>
  agency.level === 'district' || agency.level === 'commune' ? `UBND ${agency.area}` : agency.name;
const acrossArea = ({ agency }: Scene): string => `Trên địa bàn ${agency.area}`;
const hall = (scene: Scene): string => `Hội trường ${seat(scene)}`;
const oneStop = (scene: Scene): string => `Bộ phận một cửa ${seat(scene)}`;
const website = (scene: Scene): string =>
  scene.agency.area === 'tỉnh'
    ? 'Cổng thông tin điện tử tỉnh'
    : `Trang thông tin điện tử ${scene.agency.area}`;
const owner = ({ agency }: Scene): string => (agency.area === 'tỉnh' ? agency.name : agency.area);
const gathering = (scene: Scene): string =>
  scene.agency.level === 'commune'
    ? `Nhà văn hóa các thôn, tổ dân phố của ${scene.agency.area}`
    : hall(scene);

const airwaves = (): string => 'Sóng phát thanh, truyền hình tỉnh';
const loudspeakers = ({ agency }: Scene): string => `Hệ thống truyền thanh ${agency.area}`;
const socialMedia = (): string => 'Mạng xã hội';

/** The sentences of each channel. Only what the form itself tells: no persons, no outlets' articles, no hamlets by name. */
export const wordings: Readonly<Record<ChannelKey, Wording>> = {
  'bao-in-dien-tu': {
    ways: [
      { title: ({ topic, month }) => `Tin, bài về ${topic} (tháng ${month})`, place: () => 'Báo điện tử' },
      { title: ({ topic }) => `Chuyên mục Cải cách hành chính: ${topic}`, place: () => 'Báo in' },
      { title: ({ topic }) => `Bài phản ánh ${topic} ở Bắc Kạn`, place: () => 'Báo in, báo điện tử' },
    ],
    evidence: ['Ảnh chụp trang báo', 'Đường dẫn bài trên báo điện tử'],
  },
  'phat-thanh-truyen-hinh': {
    ways: [
      {
        title: ({ topic, month }) => `Chuyên mục truyền hình Cải cách hành chính tháng ${month}: ${topic}`,
        place: airwaves,
      },
      { title: ({ topic }) => `Chương trình phát thanh về ${topic}`, place: airwaves },
      { title: ({ topic }) => `Phóng sự truyền hình: ${topic}`, place: airwaves },
    ],
    evidence: ['Lịch phát sóng', 'Bản ghi chương trình'],
  },
  'truyen-thanh-co-so': {
    ways: [
      {
        title: ({ agency, topic, month }) =>
          `Truyền thanh ${agency.area} tuyên truyền ${topic}, tháng ${month}`,
        place: loudspeakers,
      },
      {
        title: ({ topic, month }) => `Phát thanh về ${topic} trên loa truyền thanh, tháng ${month}`,
        place: ({ agency }) => `Các cụm loa thôn, tổ dân phố của ${agency.area}`,
      },
      { title: ({ topic }) => `Bản tin truyền thanh: ${topic}`, place: loudspeakers },
    ],
    evidence: ['Sổ theo dõi phát thanh', 'Bản ghi bản tin', 'Lịch phát thanh'],
  },
  'trang-thong-tin': {
    ways: [
      {
        title: ({ topic, month }) => `Đăng tin, bài về ${topic} trên trang thông tin điện tử, tháng ${month}`,
        place: website,
      },
      { title: (scene) => `${website(scene)} đăng bài về ${scene.topic}`, place: website },
    ],
    evidence: ['Đường dẫn bài đăng', 'Ảnh chụp màn hình bài đăng'],
  },
  'to-roi': {
    ways: [
      { title: ({ topic }) => `Phát tờ rơi hướng dẫn về ${topic}`, place: oneStop },
      {
        title: ({ agency, topic }) =>
          `Cấp phát tờ gấp tuyên truyền ${topic} tới người dân trên địa bàn ${agency.area}`,
        place: acrossArea,
      },
    ],
    evidence: ['Mẫu tờ rơi', 'Biểu cấp phát theo thôn, tổ dân phố'],
  },
  'pano-bang-ron': {
    ways: [
      {
        title: ({ topic }) => `Treo băng rôn, khẩu hiệu tuyên truyền ${topic}`,
        place: ({ agency }) => `Các trục đường chính của ${agency.area}`,
      },
      {
        title: ({ agency, topic }) => `Lắp đặt pa nô, áp phích về ${topic} trên địa bàn ${agency.area}`,
        place: acrossArea,
      },
    ],
    evidence: ['Ảnh băng rôn, pa nô tại vị trí treo', 'Biên bản nghiệm thu'],
  },
  'bang-dien-tu': {
    ways: [
      { title: ({ topic }) => `Thay nội dung bảng LED tuyên truyền ${topic}`, place: oneStop },
      {
        title: ({ topic, month }) => `Chạy chữ trên bảng điện tử về ${topic}, tháng ${month}`,
        place: (scene) => `Bảng điện tử tại trụ sở ${seat(scene)}`,
      },
    ],
    evidence: ['Ảnh bảng điện tử'],
  },
  'xe-loa': {
    ways: [
      {
        title: ({ agency, topic }) => `Xe loa tuyên truyền lưu động về ${topic} tại ${agency.area}`,
        place: acrossArea,
      },
      {
        title: ({ topic, month }) => `Tuyên truyền lưu động ${topic}, đợt tháng ${month}`,
        place: acrossArea,
      },
    ],
    evidence: ['Lệnh điều xe và lịch tuyên truyền lưu động', 'Ảnh xe tuyên truyền'],
  },
  'hoi-nghi': {
    ways: [
      { title: ({ topic }) => `Hội nghị tuyên truyền ${topic}`, place: gathering },
      {
        title: ({ topic }) => `Tập huấn cho cán bộ, công chức, viên chức về ${topic}`,
        place: hall,
        audience: 'officials',
      },
      {
        title: ({ topic, month }) => `Lồng ghép tuyên truyền ${topic} tại hội nghị giao ban tháng ${month}`,
        place: hall,
        audience: 'officials',
      },
    ],
    evidence: ['Giấy mời và chương trình hội nghị', 'Ảnh toàn cảnh hội nghị', 'Tài liệu hội nghị'],
  },
  'toa-dam': {
    ways: [
      { title: ({ topic }) => `Tọa đàm với người dân, doanh nghiệp về ${topic}`, place: hall },
      {
        title: ({ agency, topic }) => `Đối thoại giữa ${agency.name} với người dân, doanh nghiệp về ${topic}`,
        place: hall,
      },
    ],
    evidence: ['Chương trình đối thoại', 'Thông báo kết luận buổi đối thoại'],
  },
  'cuoc-thi': {
    ways: [
      { title: ({ topic }) => `Cuộc thi trực tuyến tìm hiểu ${topic}`, place: () => 'Tổ chức trực tuyến' },
    ],
    evidence: ['Thể lệ cuộc thi', 'Bảng tổng hợp lượt dự thi'],
  },
  'mang-xa-hoi': {
    ways: [
      {
        title: ({ topic, month }) => `Các bài đăng mạng xã hội về ${topic}, tháng ${month}`,
        place: socialMedia,
      },
      {
        title: (scene) => `Trang mạng xã hội của ${owner(scene)} chia sẻ nội dung về ${scene.topic}`,
        place: socialMedia,
      },
    ],
    evidence: ['Ảnh chụp màn hình bài đăng', 'Thống kê lượt tiếp cận'],
  },
  'niem-yet': {
    ways: [
      { title: (scene) => `Niêm yết công khai thủ tục hành chính tại ${oneStop(scene)}`, place: oneStop },
      { title: ({ month }) => `Cập nhật bảng niêm yết thủ tục hành chính, tháng ${month}`, place: oneStop },
    ],
    evidence: ['Ảnh bảng niêm yết', 'Danh mục thủ tục hành chính đã niêm yết'],
  },
};

export const asTitle = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
