import { mustBeWorded, Unworded, type Wording } from './wording.js';

const whole = {
  code: 'CODE_TAKEN',
  vi: 'Mã 06 đã thuộc về một cơ quan khác. Kiểm tra lại mã.',
  en: 'Code 06 belongs to another agency already. Check the code.',
};

it('takes a code with words in both languages', () => expect(() => mustBeWorded(whole)).not.toThrow());

it.each<[what: string, change: Wording]>([
  ['no code', { code: undefined }],
  ['a code that is prose', { code: 'code taken' }],
  ['no Vietnamese', { vi: undefined }],
  ['no English', { en: undefined }],
  ['a word only', { en: 'No.' }],
  ['English twice', { vi: whole.en }],
  ['English in place of Vietnamese', { vi: 'There is another agency of that code.' }],
  ['a place that was not filled in', { vi: 'Mã {code} đã thuộc về một cơ quan khác.' }],
])('refuses %s', (_, change) => expect(() => mustBeWorded({ ...whole, ...change })).toThrow(Unworded));
