import { examplesIn, type Localized } from '@loa/event-sourcing';
import type { z } from 'zod';

type Issue = z.core.$ZodIssue;
type Lang = keyof Localized;

/** What zod calls a type, in the words of people. */
const typeNames: Readonly<Record<string, Localized>> = {
  string: { vi: 'văn bản', en: 'text' },
  number: { vi: 'số', en: 'a number' },
  int: { vi: 'số nguyên', en: 'a whole number' },
  boolean: { vi: 'đúng hoặc sai (true, false)', en: 'true or false' },
  object: { vi: 'một đối tượng {…}', en: 'an object with named fields' },
  array: { vi: 'một danh sách […]', en: 'a list in brackets' },
};
const otherType: Localized = { vi: 'giá trị đúng kiểu', en: 'a value of the right type' };
const missing: Localized = { vi: 'còn thiếu', en: 'it is missing' };
const wrongForm: Localized = { vi: 'không đúng dạng', en: 'it is not of the right form' };

/** Why one field was not accepted, in words that say what to do. Keyed by zod's issue code or format, or by our own. */
const problems: Readonly<Record<string, (issue: Issue) => Localized>> = {
  invalid_type: (issue) => {
    if (issue.input === undefined) return missing;
    const { vi, en } = ('expected' in issue && typeNames[String(issue.expected)]) || otherType;
    return { vi: `phải là ${vi}`, en: `it must be ${en}` };
  },
  too_big: (issue) => ({
    vi: `không được quá ${limit(issue, 'maximum', 'vi')}`,
    en: `it must be at most ${limit(issue, 'maximum', 'en')}`,
  }),
  too_small: (issue) => ({
    vi: `phải có ít nhất ${limit(issue, 'minimum', 'vi')}`,
    en: `it must be at least ${limit(issue, 'minimum', 'en')}`,
  }),
  invalid_value: (issue) => {
    const values = 'values' in issue ? (issue.values as unknown[]).join(', ') : '';
    return { vi: `phải là một trong: ${values}`, en: `it must be one of: ${values}` };
  },
  unrecognized_keys: () => ({ vi: 'không có trường này', en: 'there is no such field' }),
  required: () => missing,
  repeated: () => ({ vi: 'mỗi đối tượng chỉ ghi một lần', en: 'each audience may appear once' }),
  'one-of': () => ({
    vi: 'cần đúng một: đường dẫn hoặc tệp',
    en: 'exactly one is needed: a link or a file',
  }),
  'control-character': () => ({
    vi: 'có ký tự điều khiển; hãy xóa đi',
    en: 'it holds a control character; remove it',
  }),
  date: () => ({
    vi: 'không phải ngày có thật; viết theo năm-tháng-ngày, ví dụ 2022-04-18',
    en: 'it is not a day that exists; write it like 2022-04-18',
  }),
  datetime: () => ({
    vi: 'không phải thời điểm có thật; viết như 2022-04-18T08:00:00+07:00',
    en: 'it is not an instant that exists; write it like 2022-04-18T08:00:00+07:00',
  }),
  uuid: () => ({ vi: 'không phải mã UUID', en: 'it is not a UUID' }),
  url: () => ({ vi: 'không phải địa chỉ web (http, https)', en: 'it is not a web address (http, https)' }),
};

/** What a length is counted in, by what has it; a number has none. */
const units: Readonly<Record<string, (size: number) => Localized>> = {
  string: (size) => ({ vi: 'ký tự', en: size === 1 ? 'character' : 'characters' }),
  array: (size) => ({ vi: 'mục', en: size === 1 ? 'item' : 'items' }),
};

function limit(issue: Issue, bound: 'maximum' | 'minimum', lang: Lang): string {
  const size = Number((issue as unknown as Record<string, unknown>)[bound]);
  const unit = 'origin' in issue ? units[issue.origin]?.(size)[lang] : undefined;
  return unit === undefined ? String(size) : `${size} ${unit}`;
}

/** Why a field was not accepted, as the end of a sentence about it. */
export function inputProblem(issue: Issue): Localized {
  const format = issue.code === 'invalid_format' ? issue.format : '';
  const words = problems[issue.message] ?? problems[format] ?? problems[issue.code];
  if (words) return words(issue);
  const examples = examplesIn(issue.message);
  if (examples === undefined) return wrongForm;
  return { vi: `${wrongForm.vi}, ví dụ ${examples}`, en: `${wrongForm.en}, e.g. ${examples}` };
}
