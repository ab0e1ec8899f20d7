import { worded, type Localized } from '@loa/event-sourcing';
import { edgeError } from '@loa/graphql';
import type { GraphQLError, GraphQLFormattedError } from 'graphql';
import { tooComplex, type QueryLimits } from './limits.js';

/** What the GraphQL layer itself may have to say; `{problem}` is its own wording, which is English. */
const catalogue = {
  GRAPHQL_PARSE_FAILED: {
    vi: 'Câu truy vấn sai cú pháp: {problem}. Sửa lại rồi gửi tiếp.',
    en: 'The query is not GraphQL: {problem}. Mend it and send it again.',
  },
  GRAPHQL_VALIDATION_FAILED: {
    vi: 'Câu truy vấn không khớp với lược đồ: {problem}. Sửa theo lược đồ (schema.graphql, /explorer) rồi gửi tiếp.',
    en: 'The query does not fit the schema: {problem}. Mend it by the schema (schema.graphql, /explorer) and send it again.',
  },
  BAD_USER_INPUT: {
    vi: 'Giá trị gửi lên không dùng được: {problem}. Sửa lại rồi gửi tiếp.',
    en: 'A value that was sent cannot be used: {problem}. Mend it and send it again.',
  },
  BAD_REQUEST: {
    vi: 'Yêu cầu không đúng dạng GraphQL qua HTTP: {problem}. Gửi POST với JSON {"query": …}.',
    en: 'The request is not GraphQL over HTTP: {problem}. Send a POST with JSON {"query": …}.',
  },
  OPERATION_RESOLUTION_FAILURE: {
    vi: 'Không rõ phải chạy thao tác nào: {problem}. Nêu đúng operationName.',
    en: 'It is not clear which operation to run: {problem}. Give its operationName.',
  },
  PERSISTED_QUERY_NOT_SUPPORTED: {
    vi: 'Máy chủ không nhận truy vấn lưu sẵn. Gửi nguyên câu truy vấn.',
    en: 'Persisted queries are not taken here. Send the text of the query.',
  },
  UNAUTHENTICATED: {
    vi: 'Chưa đăng nhập hoặc phiên đã hết. Đăng nhập rồi làm lại.',
    en: 'You are not signed in, or the session is over. Sign in, then try again.',
  },
  FORBIDDEN: {
    vi: 'Tài khoản không có quyền làm việc này. Đề nghị quản trị cấp quyền nếu cần.',
    en: 'Your account may not do this. Ask an administrator if you need to.',
  },
} as const satisfies Record<string, Localized>;

const internal = {
  vi: 'Máy chủ gặp lỗi. Thử lại sau ít phút; nếu vẫn lỗi, báo mã sự cố {incident} cho quản trị.',
  en: 'Something broke on the server. Try again in a few minutes; if it goes on, report incident {incident}.',
};

interface Known {
  readonly pattern: RegExp;
  readonly messages: Localized;
}

/** Mistakes that people make often, in words of their own. `{0}` and `{1}` are the names in graphql-js's message. */
const mistakes: readonly Known[] = [
  {
    pattern: /^Cannot query field "(.+?)" on type "(.+?)"\./,
    messages: {
      vi: 'Kiểu {1} không có trường «{0}». Bỏ trường này hoặc sửa tên theo lược đồ.',
      en: 'Type {1} has no field "{0}". Leave it out, or mend its name by the schema.',
    },
  },
  {
    pattern: /^Unknown argument "(.+?)" on field "(.+?)"\./,
    messages: {
      vi: 'Trường {1} không có tham số «{0}». Bỏ tham số này hoặc sửa tên theo lược đồ.',
      en: 'Field {1} has no argument "{0}". Leave it out, or mend its name by the schema.',
    },
  },
  {
    pattern: /^Field "(.+?)" argument "(.+?)" of type ".+?" is required/,
    messages: {
      vi: 'Trường {0} cần tham số «{1}». Thêm tham số này.',
      en: 'Field {0} needs the argument "{1}". Add it.',
    },
  },
];

export interface ClientError {
  readonly error: GraphQLFormattedError;
  /** Set when something of ours broke: the answer hides what, the log must not. */
  readonly incident?: string;
}

const isLocalized = (value: unknown): value is Localized =>
  typeof value === 'object' && value !== null && 'vi' in value && 'en' in value;

const isKnown = (code: unknown): code is keyof typeof catalogue =>
  typeof code === 'string' && code in catalogue;

/**
 * What a client gets to see of an error: a stable code, words in both languages, and nothing of our insides.
 * @param incident a fresh id, to find the error in the log by
 */
export function clientError(
  raised: GraphQLFormattedError,
  limits: QueryLimits,
  incident: string,
): ClientError {
  const { message, locations, path } = raised;
  const where = { ...(locations && { locations }), ...(path && { path }) };
  const { code, messages, ...more } = raised.extensions ?? {};
  const answer = (extensions: Record<string, unknown>, text = message): ClientError => ({
    error: { message: text, ...where, extensions },
  });
  const limit = limitOf(raised, limits);
  if (limit) return answer({ ...limit.extensions }, limit.message);
  // Ours: made by edgeError, with all it has to say.
  if (isLocalized(messages)) return answer({ ...more, code, messages });
  if (isKnown(code)) return answer({ code, messages: explained(code, message) });
  if (code === 'INTERNAL_SERVER_ERROR' && message.startsWith('Argument "')) {
    return answer({ code: 'BAD_USER_INPUT', messages: explained('BAD_USER_INPUT', message) });
  }
  const broken = edgeError('INTERNAL_SERVER_ERROR', worded(internal, { incident }), { incident });
  return { ...answer({ ...broken.extensions }, broken.message), incident };
}

function explained(code: keyof typeof catalogue, message: string): Localized {
  for (const { pattern, messages } of mistakes) {
    const names = pattern.exec(message)?.slice(1);
    if (names) return worded(messages, Object.fromEntries(names.entries()));
  }
  return worded(catalogue[code], { problem: message.trim().replace(/\.$/, '') });
}

/** Limits that graphql-js and Apollo keep report themselves in their own words. */
function limitOf(
  { message, extensions }: GraphQLFormattedError,
  limits: QueryLimits,
): GraphQLError | undefined {
  if (/Document contains more tha\w \d+ tokens/.test(message)) return tooComplex('tokens', limits.tokens);
  if (message.includes('recursively requests too many selections'))
    return tooComplex('selections', limits.selections);
  const limit = extensions?.['limit'];
  return limit === 'depth' || limit === 'aliases' || limit === 'directives'
    ? tooComplex(limit, limits[limit])
    : undefined;
}
