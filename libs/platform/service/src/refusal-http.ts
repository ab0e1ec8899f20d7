import type { CommandAnswer, Localized } from '@loa/event-sourcing';

/** What a caller gets when there is no answer of the door: stable code, words, and whether to send the same again. */
export interface Problem {
  readonly status: 'failed';
  readonly code:
    | 'unknown-command'
    | 'not-found'
    | 'request-refused'
    | 'malformed-request'
    | 'payload-too-large'
    | 'unauthenticated'
    | 'forbidden'
    | 'try-again'
    | 'newer-release'
    | 'internal';
  readonly message: Localized;
  readonly retryable: boolean;
}

const statusOfCode: Readonly<Record<string, number>> = {
  'invalid-input': 400,
  'version-conflict': 409,
  'id-in-use': 409,
};

/** The one mapping from answers to HTTP: accepted 200; refusals 400, 409 or, for a rule of the business, 422. */
export const httpStatus = (answer: CommandAnswer): number =>
  answer.status === 'accepted' ? 200 : (statusOfCode[answer.code] ?? 422);

export const problems = {
  unknownCommand: {
    http: 404,
    code: 'unknown-command',
    retryable: false,
    message: {
      vi: 'Không có lệnh này. Kiểm tra tên lệnh.',
      en: 'There is no such command. Check its name.',
    },
  },
  notFound: {
    http: 404,
    code: 'not-found',
    retryable: false,
    message: {
      vi: 'Không có gì ở địa chỉ này. Kiểm tra đường dẫn và phương thức HTTP.',
      en: 'There is nothing at this address. Check the path and the HTTP method.',
    },
  },
  requestRefused: {
    http: 400,
    code: 'request-refused',
    retryable: false,
    message: {
      vi: 'Máy chủ không nhận yêu cầu này. Kiểm tra phương thức, đường dẫn và các tiêu đề HTTP rồi gửi lại.',
      en: 'The server does not take this request. Check its HTTP method, path and headers, then send it again.',
    },
  },
  malformed: {
    http: 400,
    code: 'malformed-request',
    retryable: false,
    message: {
      vi: 'Yêu cầu không đúng dạng: cần JSON {"input": {…}} và tiêu đề Idempotency-Key.',
      en: 'The request is malformed: send JSON {"input": {…}} and the header Idempotency-Key.',
    },
  },
  unreadable: {
    http: 400,
    code: 'malformed-request',
    retryable: false,
    message: {
      vi: 'Không đọc được nội dung yêu cầu theo tiêu đề content-type. Kiểm tra nội dung và tiêu đề này rồi gửi lại.',
      en: 'The body of the request cannot be read as what its content-type says. Check the body and this header, then send it again.',
    },
  },
  tooLarge: {
    http: 413,
    code: 'payload-too-large',
    retryable: false,
    message: {
      vi: 'Yêu cầu vượt quá 256 KB. Rút gọn văn bản, hoặc tải nội dung lên thành tệp.',
      en: 'The request is over 256 KB. Shorten the text, or upload it as a file.',
    },
  },
  malformedOperation: {
    http: 400,
    code: 'malformed-request',
    retryable: false,
    message: {
      vi: 'Yêu cầu vận hành không đúng dạng. Xem lại tham số: streamId, source và position, reason (1–500 ký tự), by (1–100 ký tự), first (1–101).',
      en: 'The request of an operator is malformed. Check its parameters: streamId, source and position, reason (1 to 500 characters), by (1 to 100), first (1 to 101).',
    },
  },
  operationsOff: {
    http: 403,
    code: 'forbidden',
    retryable: false,
    message: {
      vi: 'Dịch vụ này không bật chức năng vận hành. Đặt LOA_OPERATOR_TOKEN rồi khởi động lại.',
      en: 'Operations are switched off on this service. Set LOA_OPERATOR_TOKEN and start it again.',
    },
  },
  operatorMissing: {
    http: 401,
    code: 'unauthenticated',
    retryable: false,
    message: {
      vi: 'Chức năng này dành cho người vận hành. Gửi kèm tiêu đề Authorization: Bearer <mã vận hành>: giá trị LOA_OPERATOR_TOKEN, hoặc nội dung tệp mà «npm start» cho biết.',
      en: 'This is for operators. Send the header Authorization: Bearer <operator token>: what LOA_OPERATOR_TOKEN says, or the file that "npm start" names.',
    },
  },
  operatorWrong: {
    http: 403,
    code: 'forbidden',
    retryable: false,
    message: {
      vi: 'Mã vận hành không đúng. Kiểm tra giá trị LOA_OPERATOR_TOKEN của dịch vụ này, hoặc tệp mà «npm start» cho biết.',
      en: 'The operator token is not the right one. Check the LOA_OPERATOR_TOKEN of this service, or the file that "npm start" names.',
    },
  },
  databaseAway: {
    http: 503,
    code: 'try-again',
    retryable: true,
    message: {
      vi: 'Cơ sở dữ liệu tạm thời không trả lời. Thử lại sau vài giây.',
      en: 'The database does not answer for the moment. Try again in a few seconds.',
    },
  },
  tryAgain: {
    http: 503,
    code: 'try-again',
    retryable: true,
    message: {
      vi: 'Hệ thống đang bận hoặc khởi động lại. Gửi lại đúng lệnh này với cùng khóa chống gửi trùng; lệnh chỉ được thực hiện một lần.',
      en: 'The system is busy or restarting. Send the same command again with the same idempotency key; it is carried out once.',
    },
  },
  newerRelease: {
    http: 503,
    code: 'newer-release',
    retryable: true,
    message: {
      vi: 'Dữ liệu này do phiên bản phần mềm mới hơn ghi. Gửi lại sau ít phút với cùng khóa; nếu vẫn lỗi, báo quản trị cập nhật dịch vụ.',
      en: 'A newer release of the software wrote what this is about. Send it again in a few minutes with the same key; if it persists, tell the operators to update this service.',
    },
  },
  internal: {
    http: 500,
    code: 'internal',
    retryable: true,
    message: {
      vi: 'Có lỗi trong hệ thống, đã được ghi lại. Gửi lại với cùng khóa; nếu vẫn lỗi, báo quản trị.',
      en: 'Something broke here and was logged. Send it again with the same key; if it persists, tell the operators.',
    },
  },
} as const satisfies Record<string, Omit<Problem, 'status'> & { http: number }>;

export const problemBody = ({
  code,
  retryable,
  message,
}: (typeof problems)[keyof typeof problems]): Problem => ({
  status: 'failed',
  code,
  retryable,
  message,
});
