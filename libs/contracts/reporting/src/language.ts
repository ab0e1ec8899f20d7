import { language } from '@loa/event-sourcing';

/** What reporting says to people when it refuses or warns, by stable code. */
export const { command, event } = language('reporting', {
  'plan-not-known': {
    vi: 'Bộ phận báo cáo chưa biết kế hoạch đã ban hành này. Kiểm tra mã kế hoạch; nếu vừa ban hành, thử lại sau vài giây.',
    en: 'Reporting knows no such issued plan. Check the plan id; if it was issued just now, try again in a few seconds.',
  },
  'content-not-in-plan': {
    vi: 'Nội dung này không có trong kế hoạch. Chọn một nội dung của kế hoạch.',
    en: 'This content is not in the plan. Choose a content of the plan.',
  },
  'channel-not-in-plan': {
    vi: 'Hình thức này không có trong kế hoạch. Chọn một hình thức của kế hoạch.',
    en: 'This channel is not in the plan. Choose a channel of the plan.',
  },
  'agency-not-known': {
    vi: 'Bộ phận báo cáo chưa biết cơ quan này. Kiểm tra mã; nếu vừa đăng ký, thử lại sau vài giây.',
    en: 'Reporting knows no such agency. Check the id; if it was registered just now, try again in a few seconds.',
  },
  'activity-exists': {
    vi: 'Hoạt động này đã được ghi. Mở hoạt động để sửa tiếp.',
    en: 'This activity is recorded already. Open it to go on.',
  },
  'activity-not-found': {
    vi: 'Không có hoạt động này. Kiểm tra mã hoạt động.',
    en: 'There is no such activity. Check the activity id.',
  },
  'not-your-activity': {
    vi: 'Hoạt động này của cơ quan khác. Chỉ cơ quan đã ghi được sửa, nộp.',
    en: 'This activity belongs to another agency. Only the agency that recorded it may change or submit it.',
  },
  'already-submitted': {
    vi: 'Hoạt động đã nộp và đang chờ xác minh. Muốn sửa, đề nghị cơ quan thường trực trả lại.',
    en: 'The activity is submitted and waits for verification. To change it, ask the standing agency to return it.',
  },
  'already-verified': {
    vi: 'Hoạt động đã được xác minh nên không sửa được. Nếu số liệu sai, báo cơ quan thường trực của kế hoạch.',
    en: 'The activity is verified and can no longer be changed. If a figure is wrong, tell the standing agency of the plan.',
  },
  'ends-before-start': {
    vi: 'Thời điểm kết thúc sớm hơn thời điểm bắt đầu. Sửa một trong hai.',
    en: 'The end is before the start. Mend one of the two.',
  },
  'nothing-changed': {
    vi: 'Không có gì thay đổi so với bản đã ghi. Sửa ít nhất một mục rồi gửi lại, hoặc giữ nguyên bản đã ghi.',
    en: 'Nothing differs from what is recorded. Change at least one field and send it again, or leave it as it is.',
  },
  'no-evidence': {
    vi: 'Chưa có minh chứng. Đính kèm ít nhất một đường dẫn hoặc tệp rồi nộp lại.',
    en: 'There is no evidence. Attach at least one link or file, then submit again.',
  },
  'evidence-exists': {
    vi: 'Minh chứng này đã được đính kèm. Không cần đính kèm lại; nếu là minh chứng khác, dùng mã mới.',
    en: 'This evidence is attached already. It need not be attached again; for other evidence take a new id.',
  },
  'evidence-not-found': {
    vi: 'Hoạt động không có minh chứng này. Kiểm tra mã minh chứng.',
    en: 'The activity has no such evidence. Check the evidence id.',
  },
  'file-not-uploaded': {
    vi: 'Chưa nhận được tệp có mã SHA-256 này. Tải tệp lên trước rồi đính kèm.',
    en: 'No file with this SHA-256 has arrived. Upload the file first, then attach it.',
  },
  'file-differs': {
    vi: 'Tệp đã tải lên có {bytes} byte, không khớp với kích thước khai báo. Kiểm tra tệp và khai lại.',
    en: 'The uploaded file has {bytes} bytes, which is not the declared size. Check the file and declare it again.',
  },
  'not-submitted': {
    vi: 'Hoạt động chưa được nộp nên chưa thể xác minh hay trả lại. Chờ cơ quan thực hiện nộp hoạt động rồi làm lại.',
    en: 'The activity is not submitted, so it can be neither verified nor returned. Wait until its agency has submitted it, then try again.',
  },
  'not-the-standing-agency': {
    vi: 'Chỉ cơ quan thường trực của kế hoạch được xác minh hoặc trả lại. Đề nghị cơ quan thường trực thực hiện.',
    en: 'Only the standing agency of the plan may verify or return activities. Ask the standing agency to do it.',
  },
  'not-assigned': {
    vi: 'Kế hoạch không phân công nội dung này cho cơ quan. Hoạt động vẫn được ghi.',
    en: 'The plan does not assign this content to the agency. The activity is recorded all the same.',
  },
});
