import { language } from '@loa/event-sourcing';

/** What monitoring says to people when it refuses or warns, by stable code. */
export const { command, event } = language('monitoring', {
  'plan-not-known': {
    vi: 'Bộ phận theo dõi chưa biết kế hoạch đã ban hành này. Kiểm tra mã kế hoạch; nếu vừa ban hành, thử lại sau vài giây.',
    en: 'Monitoring knows no such issued plan. Check the plan id; if it was issued just now, try again in a few seconds.',
  },
  'content-not-in-plan': {
    vi: 'Một nội dung không có trong kế hoạch. Chọn trong các nội dung của kế hoạch.',
    en: 'A content is not in the plan. Choose among the contents of the plan.',
  },
  'channel-not-in-plan': {
    vi: 'Một hình thức không có trong kế hoạch. Chọn trong các hình thức của kế hoạch.',
    en: 'A channel is not in the plan. Choose among the channels of the plan.',
  },
  'agency-not-known': {
    vi: 'Bộ phận theo dõi chưa biết một cơ quan trong danh sách. Kiểm tra mã; nếu vừa đăng ký, thử lại sau vài giây.',
    en: 'Monitoring does not know an agency on the list. Check the id; if it was registered just now, try again in a few seconds.',
  },
  'not-the-standing-agency': {
    vi: 'Chỉ cơ quan thường trực của kế hoạch được đặt và sửa chỉ số. Đề nghị cơ quan thường trực thực hiện.',
    en: 'Only the standing agency of the plan may define and revise indicators. Ask the standing agency to do it.',
  },
  'indicator-exists': {
    vi: 'Chỉ số này đã có. Không cần đặt lại; nếu là chỉ số khác, dùng mã mới.',
    en: 'This indicator is defined already. It need not be defined again; for another indicator take a new id.',
  },
  'indicator-not-found': {
    vi: 'Không có chỉ số này. Kiểm tra mã chỉ số.',
    en: 'There is no such indicator. Check the indicator id.',
  },
  'nothing-changed': {
    vi: 'Chỉ tiêu mới giống chỉ tiêu đang dùng. Nhập chỉ tiêu khác, hoặc giữ nguyên chỉ tiêu đang dùng.',
    en: 'The new target is the one in force. Enter another target, or leave it as it is.',
  },
});
