import { calendarDate, count, instant, language, like, text, webAddress } from '@loa/event-sourcing';
import { z } from 'zod';
import { parseCommand } from './parse-command.js';

const Register = language('testing', {}).command('Register', {
  meaning: 'Say all that a field can be.',
  target: 'id',
  input: z.object({
    id: z.uuid().optional(),
    name: text(40).optional(),
    kind: z.enum(['state', 'press']).optional(),
    people: count(10).optional(),
    ratio: z.number().optional(),
    code: z
      .string()
      .regex(/^\d{2}$/, like('06', '24'))
      .optional(),
    bare: z
      .string()
      .regex(/^\d{2}$/)
      .optional(),
    day: calendarDate.optional(),
    at: instant.optional(),
    link: webAddress.optional(),
    yes: z.boolean().optional(),
    names: z.array(text(5)).min(1).max(2).optional(),
    place: z.object({ village: text(10) }).optional(),
    either: z.union([z.number(), z.boolean()]).optional(),
    when: z.date().optional(),
  }),
  refusals: [],
});

const wrongInputs: [input: unknown, vi: string, en: string][] = [
  ['words', '«input»: phải là một đối tượng {…}.', '"input": it must be an object with named fields.'],
  [{ id: 'seven' }, '«id»: không phải mã UUID.', '"id": it is not a UUID.'],
  [{ name: 7 }, '«name»: phải là văn bản.', '"name": it must be text.'],
  [{ name: ' ' }, '«name»: phải có ít nhất 1 ký tự.', '"name": it must be at least 1 character.'],
  [{ name: 'x'.repeat(41) }, '«name»: không được quá 40 ký tự.', '"name": it must be at most 40 characters.'],
  [{ name: 'x\u0000' }, '«name»: có ký tự điều khiển', '"name": it holds a control character'],
  [{ kind: 'band' }, '«kind»: phải là một trong: state, press.', '"kind": it must be one of: state, press.'],
  [{ people: 1.5 }, '«people»: phải là số nguyên.', '"people": it must be a whole number.'],
  [{ people: 'ten' }, '«people»: phải là số.', '"people": it must be a number.'],
  [{ people: -1 }, '«people»: phải có ít nhất 0.', '"people": it must be at least 0.'],
  [{ people: 11 }, '«people»: không được quá 10.', '"people": it must be at most 10.'],
  [{ ratio: null }, '«ratio»: phải là số.', '"ratio": it must be a number.'],
  [
    { code: '2022' },
    '«code»: không đúng dạng, ví dụ 06, 24.',
    '"code": it is not of the right form, e.g. 06, 24.',
  ],
  [{ bare: '2022' }, '«bare»: không đúng dạng.', '"bare": it is not of the right form.'],
  [{ day: '2022-02-30' }, '«day»: không phải ngày có thật', '"day": it is not a day that exists'],
  [{ at: '2022-02-30T00:00:00Z' }, '«at»: không phải thời điểm có thật', '"at": it is not an instant'],
  [{ link: 'javascript:alert(1)' }, '«link»: không phải địa chỉ web', '"link": it is not a web address'],
  [{ yes: 'yes' }, '«yes»: phải là đúng hoặc sai (true, false).', '"yes": it must be true or false.'],
  [{ names: 'An' }, '«names»: phải là một danh sách […].', '"names": it must be a list in brackets.'],
  [{ names: [] }, '«names»: phải có ít nhất 1 mục.', '"names": it must be at least 1 item.'],
  [{ names: ['a', 'b', 'c'] }, '«names»: không được quá 2 mục.', '"names": it must be at most 2 items.'],
  [{ place: {} }, '«place.village»: còn thiếu.', '"place.village": it is missing.'],
  [{ colour: 'red' }, '«colour»: không có trường này.', '"colour": there is no such field.'],
  [{ either: 'x' }, '«either»: không đúng dạng.', '"either": it is not of the right form.'],
  [{ when: 'now' }, '«when»: phải là giá trị đúng kiểu.', '"when": it must be a value of the right type.'],
];

const refusalOf = (input: unknown) => {
  const parsed = parseCommand(Register, input);
  if (parsed.ok) throw new Error('it was not refused');
  return parsed.refusal;
};

it.each(wrongInputs)('%j is refused in the words of each language', (input, vi, en) => {
  const { code, message } = refusalOf(input);
  expect(code).toBe('invalid-input');
  expect(message.vi).toContain(vi);
  expect(message.en).toContain(en);
  // Nothing but ASCII in the one, no name of a type and no word of English in the other.
  expect(message.en).toMatch(/^[ -~]+$/);
  expect(message.vi).not.toMatch(
    /\b(string|number|int|boolean|object|array|characters?|items?|must|date)\b/i,
  );
});
