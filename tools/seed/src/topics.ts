import type { ContentKey } from './plan.js';

/** What activities on a content are about, worded to stand after "về" or "tuyên truyền". */
export const topics: Readonly<Record<ContentKey, readonly string[]>> = {
  'the-che': [
    'lấy ý kiến góp ý dự thảo văn bản quy phạm pháp luật',
    'rà soát, hệ thống hóa văn bản quy phạm pháp luật',
    'theo dõi tình hình thi hành pháp luật',
  ],
  'thu-tuc-hanh-chinh': [
    'giải quyết thủ tục hành chính theo cơ chế một cửa, một cửa liên thông',
    'rút ngắn thời gian giải quyết thủ tục hành chính',
    'thủ tục đăng ký khai sinh, khai tử, kết hôn',
    'thủ tục chứng thực bản sao, chữ ký',
    'thủ tục hành chính trong lĩnh vực đất đai',
    'tiếp nhận phản ánh, kiến nghị về quy định hành chính',
  ],
  'to-chuc-bo-may': [
    'sắp xếp tổ chức bộ máy tinh gọn, hoạt động hiệu lực, hiệu quả',
    'sắp xếp, kiện toàn thôn, tổ dân phố',
    'phân cấp, phân quyền gắn với kiểm tra, giám sát',
  ],
  'che-do-cong-vu': [
    'đạo đức công vụ, văn hóa giao tiếp nơi công sở',
    'đánh giá, xếp loại cán bộ, công chức, viên chức',
    'nâng cao kỹ năng tiếp dân của cán bộ, công chức',
  ],
  'tai-chinh-cong': [
    'thực hành tiết kiệm, chống lãng phí',
    'công khai tài chính, ngân sách',
    'cơ chế tự chủ của đơn vị sự nghiệp công lập',
  ],
  'chinh-quyen-so': [
    'chuyển đổi số trong hoạt động của cơ quan nhà nước',
    'gửi, nhận văn bản điện tử và chữ ký số',
    'kỹ năng số cho người dân',
  ],
  'van-ban-chi-dao': [
    'các văn bản chỉ đạo của Trung ương, của tỉnh về cải cách hành chính',
    'kế hoạch tuyên truyền cải cách hành chính năm 2022 của tỉnh',
  ],
  'ky-luat-ky-cuong': [
    'trách nhiệm của người đứng đầu trong cải cách hành chính',
    'kỷ luật, kỷ cương hành chính',
    'thời gian làm việc, quy tắc ứng xử tại công sở',
  ],
  'dich-vu-cong-truc-tuyen': [
    'dịch vụ công trực tuyến mức độ 3, mức độ 4',
    'cách tạo tài khoản và nộp hồ sơ trên Cổng Dịch vụ công',
    'thanh toán trực tuyến phí, lệ phí',
    'nhận kết quả giải quyết hồ sơ qua dịch vụ bưu chính công ích',
  ],
  'mo-hinh-moi': [
    'mô hình, cách làm hay trong cải cách hành chính',
    'mô hình “một cửa thân thiện”',
    'tập thể, cá nhân tiêu biểu trong cải cách hành chính',
  ],
  'ket-qua-cchc': [
    'kết quả thực hiện nhiệm vụ cải cách hành chính của tỉnh',
    'giải pháp nâng cao các chỉ số PAR INDEX, SIPAS của tỉnh',
  ],
};
