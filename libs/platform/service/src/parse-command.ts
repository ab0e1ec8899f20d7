import {
  doorRefusals,
  normalizeText,
  worded,
  type CommandContract,
  type CommandRefused,
} from '@loa/event-sourcing';
import type { z } from 'zod';

/** Why one field was not accepted, in words that say what to do. Keyed by zod's issue code, or by our own. */
const problems: Record<string, (issue: z.core.$ZodIssue) => readonly [vi: string, en: string]> = {
  invalid_type: (issue) =>
    'input' in issue && issue.input !== undefined
      ? [`phải thuộc kiểu ${expected(issue)}`, `it must be of type ${expected(issue)}`]
      : ['còn thiếu', 'it is missing'],
  too_big: (issue) => [
    `không được quá ${limit(issue, 'maximum')}`,
    `it must be at most ${limit(issue, 'maximum')}`,
  ],
  too_small: (issue) => [
    `phải có ít nhất ${limit(issue, 'minimum')}`,
    `it must be at least ${limit(issue, 'minimum')}`,
  ],
  invalid_value: (issue) => [`phải là một trong: ${values(issue)}`, `it must be one of: ${values(issue)}`],
  unrecognized_keys: () => ['không có trường này', 'there is no such field'],
  required: () => ['còn thiếu', 'it is missing'],
  repeated: () => ['mỗi đối tượng chỉ ghi một lần', 'each audience may appear once'],
  'one-of': () => ['cần đúng một: đường dẫn hoặc tệp', 'exactly one is needed: a link or a file'],
  'control-character': () => ['có ký tự điều khiển; hãy xóa đi', 'it holds a control character; remove it'],
  date: () => ['không phải ngày có thật; viết YYYY-MM-DD', 'it is not a day that exists; write YYYY-MM-DD'],
  datetime: () => [
    'không phải thời điểm có thật; viết như 2022-04-18T08:00:00+07:00',
    'it is not an instant that exists; write it like 2022-04-18T08:00:00+07:00',
  ],
  uuid: () => ['không phải mã UUID', 'it is not a UUID'],
  url: () => ['không phải địa chỉ web (http, https)', 'it is not a web address (http, https)'],
};

const expected = (issue: z.core.$ZodIssue) => ('expected' in issue ? String(issue.expected) : '?');
const values = (issue: z.core.$ZodIssue) =>
  'values' in issue ? (issue.values as unknown[]).join(', ') : '?';
const limit = (issue: z.core.$ZodIssue, bound: 'maximum' | 'minimum') => {
  const size = bound in issue ? String((issue as unknown as Record<string, unknown>)[bound]) : '?';
  const origin = 'origin' in issue ? issue.origin : undefined;
  return origin === 'string' ? `${size} ký tự/characters` : origin === 'array' ? `${size} mục/items` : size;
};

export function invalidInput(field: string, vi: string, en: string): CommandRefused {
  const details = { field, problem: vi, problemEn: en };
  return {
    status: 'refused',
    code: 'invalid-input',
    message: worded(doorRefusals['invalid-input'], details),
    field,
  };
}

function refusalOf(issue: z.core.$ZodIssue): CommandRefused {
  const path = issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0]!] : issue.path;
  const format = issue.code === 'invalid_format' ? issue.format : undefined;
  const words =
    problems[issue.message] ?? (format === undefined ? undefined : problems[format]) ?? problems[issue.code];
  const [vi, en] = words?.(issue) ?? ['không đúng dạng', 'it is not of the right form'];
  return invalidInput(path.join('.') || 'input', vi, en);
}

export type ParsedCommand =
  | { readonly ok: true; readonly input: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly refusal: CommandRefused };

/** Text to NFC, then through the contract. The first problem is told, with the path of its field. */
export function parseCommand(contract: CommandContract, raw: unknown): ParsedCommand {
  const parsed = contract.input.safeParse(normalizeText(raw), { reportInput: true });
  if (parsed.success) return { ok: true, input: parsed.data };
  return { ok: false, refusal: refusalOf(parsed.error.issues[0]!) };
}
