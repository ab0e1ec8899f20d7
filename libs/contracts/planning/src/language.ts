import { language } from '@loa/event-sourcing';

/** What planning says to people when it refuses or warns, by stable code. */
export const { command, event } = language('planning', {
  'agency-not-found': {
    vi: 'Không có cơ quan này. Kiểm tra mã cơ quan, hoặc đăng ký cơ quan trước.',
    en: 'There is no such agency. Check the agency id, or register the agency first.',
  },
  'agency-already-registered': {
    vi: 'Cơ quan này đã được đăng ký. Không cần làm gì thêm.',
    en: 'This agency is registered already. Nothing more needs to be done.',
  },
  'code-taken': {
    vi: 'Mã {code} đã thuộc về một cơ quan khác. Kiểm tra lại mã.',
    en: 'Code {code} belongs to another agency already. Check the code.',
  },
  'plan-exists': {
    vi: 'Kế hoạch này đã được soạn. Mở kế hoạch để sửa tiếp.',
    en: 'This plan is drafted already. Open it to go on.',
  },
  'plan-not-found': {
    vi: 'Không có kế hoạch này. Kiểm tra mã kế hoạch.',
    en: 'There is no such plan. Check the plan id.',
  },
  'plan-not-issued': {
    vi: 'Kế hoạch chưa được ban hành. Chờ cơ quan ban hành ký rồi làm lại.',
    en: 'The plan is not issued yet. Wait until its issuer has issued it, then try again.',
  },
  'already-issued': {
    vi: 'Kế hoạch đã ban hành nên không sửa được bản này. Muốn thay đổi, soạn kế hoạch mới rồi trình ban hành.',
    en: 'The plan is issued: this version can no longer be changed. To change something, draft a new plan and have it issued.',
  },
  'not-the-drafter': {
    vi: 'Chỉ cơ quan soạn thảo được sửa dự thảo này. Đề nghị cơ quan soạn thảo sửa, hoặc chọn đúng cơ quan của mình.',
    en: 'Only the agency that drafts this plan may change the draft. Ask that agency to make the change, or choose the agency you act for.',
  },
  'not-the-issuer': {
    vi: 'Chỉ cơ quan ban hành ghi trong kế hoạch được ban hành kế hoạch. Trình cơ quan đó ký ban hành.',
    en: 'Only the issuer named in the plan may issue it. Submit the plan to that authority.',
  },
  'number-taken': {
    vi: 'Số {number} trong năm {year} đã được cơ quan này dùng cho một kế hoạch khác. Lấy số khác.',
    en: 'The issuer has used number {number} in {year} for another plan. Take another number.',
  },
  'no-content': {
    vi: 'Kế hoạch chưa có nội dung nào. Thêm ít nhất một nội dung rồi ban hành.',
    en: 'The plan has no content. Add at least one content, then issue it.',
  },
  'content-exists': {
    vi: 'Nội dung này đã có trong kế hoạch. Không cần thêm lại; nếu là nội dung khác, dùng mã mới.',
    en: 'This content is in the plan already. It need not be added again; for another content take a new id.',
  },
  'content-not-in-plan': {
    vi: 'Nội dung này không có trong kế hoạch. Chọn một nội dung của kế hoạch.',
    en: 'This content is not in the plan. Choose a content of the plan.',
  },
  'channel-exists': {
    vi: 'Hình thức này đã có trong kế hoạch. Không cần thêm lại; nếu là hình thức khác, dùng mã mới.',
    en: 'This channel is in the plan already. It need not be added again; for another channel take a new id.',
  },
  'channel-not-in-plan': {
    vi: 'Hình thức này không có trong kế hoạch. Chọn một hình thức của kế hoạch.',
    en: 'This channel is not in the plan. Choose a channel of the plan.',
  },
  'assignment-exists': {
    vi: 'Phân công này đã có trong kế hoạch. Không cần giao lại; nếu là phân công khác, dùng mã mới.',
    en: 'This assignment is in the plan already. It need not be made again; for another assignment take a new id.',
  },
  'assignment-not-found': {
    vi: 'Không có phân công này trong kế hoạch. Kiểm tra mã phân công.',
    en: 'There is no such assignment in the plan. Check the assignment id.',
  },
  'not-your-assignment': {
    vi: 'Phân công này không giao hay đề nghị cơ quan của bạn. Chọn một phân công có ghi tên cơ quan.',
    en: 'This assignment does not name your agency. Choose an assignment that does.',
  },
  'already-acknowledged': {
    vi: 'Cơ quan đã xác nhận phân công này. Không cần làm gì thêm.',
    en: 'The agency has acknowledged this assignment already. Nothing more needs to be done.',
  },
  'deadline-before-issue': {
    vi: 'Thời hạn {deadline} của một phân công sớm hơn ngày ban hành. Kế hoạch vẫn được ban hành; hãy kiểm tra lại thời hạn.',
    en: 'An assignment is due {deadline}, before the plan is issued. The plan is issued all the same; check that deadline.',
  },
  'content-without-lead': {
    vi: 'Có nội dung chưa giao cho cơ quan nào chủ trì. Kế hoạch vẫn được ban hành.',
    en: 'A content has no lead agency. The plan is issued all the same.',
  },
});
