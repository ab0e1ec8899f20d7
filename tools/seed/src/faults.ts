import type { Activity, Said } from './activity.js';
import type { Chance } from './chance.js';

/** What is wrong with a submitted activity: why it is returned, and how its agency mends it. */
export interface Fault {
  readonly reason: string;
  /** What the first draft says, where it is not so. Nothing: only the evidence is wanting. */
  readonly mistaken: Partial<Said>;
  readonly correction: Partial<Said>;
  /** The further evidence that was asked for. */
  readonly evidence?: string;
}

const faults: readonly ((activity: Activity, chance: Chance) => Fault)[] = [
  () => ({
    reason: 'Đường dẫn minh chứng không mở được. Đề nghị kiểm tra lại và bổ sung đường dẫn khác.',
    mistaken: {},
    correction: {},
    evidence: 'Đường dẫn thay thế',
  }),
  () => ({
    reason: 'Minh chứng chưa thể hiện thời gian tổ chức. Đề nghị bổ sung ảnh hoặc tài liệu có ngày, tháng.',
    mistaken: {},
    correction: {},
    evidence: 'Tài liệu bổ sung có ghi thời gian tổ chức',
  }),
  ({ quantity }, chance) => ({
    reason: 'Số lượng báo cáo chưa khớp với minh chứng đính kèm. Đề nghị rà soát, điều chỉnh số liệu.',
    mistaken: { quantity: quantity + chance.whole(1, 4) * (quantity > 50 ? 50 : 1) },
    correction: { quantity },
  }),
  ({ reach }) => ({
    reason: 'Chưa thống kê số người được tuyên truyền theo từng nhóm đối tượng. Đề nghị bổ sung.',
    mistaken: { reach: [] },
    correction: { reach },
    evidence: 'Biểu tổng hợp số người được tuyên truyền',
  }),
  ({ place, agency }) => ({
    reason: 'Chưa ghi rõ địa điểm tổ chức. Đề nghị ghi cụ thể và bổ sung minh chứng.',
    mistaken: { place: agency.area === 'tỉnh' ? 'Tại tỉnh' : `Tại ${agency.area}` },
    correction: { place },
    evidence: 'Ảnh tại địa điểm tổ chức',
  }),
  ({ title }) => ({
    reason: 'Tên hoạt động chưa nêu rõ nội dung tuyên truyền. Đề nghị ghi lại theo nội dung của Kế hoạch.',
    mistaken: { title: 'Tuyên truyền cải cách hành chính' },
    correction: { title },
  }),
];

export const faultOf = (activity: Activity, chance: Chance): Fault => chance.pick(faults)(activity, chance);

/** Returned for good: there is nothing to mend, so nothing comes back. */
export const duplicateReason =
  'Hoạt động trùng với một hoạt động đơn vị đã báo cáo. Đề nghị rà soát, chỉ giữ một báo cáo.';
