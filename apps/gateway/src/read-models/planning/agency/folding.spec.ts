import fc from 'fast-check';
import { folded, patternsOf, searchOf, spelled } from './folding.js';

describe('folded', () => {
  it.each([
    ['Ủy ban nhân dân', 'uy ban nhan dan'],
    ['Uỷ ban nhân dân', 'uy ban nhan dan'],
    ['ỦY BAN NHÂN DÂN', 'uy ban nhan dan'],
    ['Sở Văn hóa, Thể thao & Du lịch', 'so van hoa, the thao & du lich'],
    ['Đài Phát thanh và Truyền hình', 'dai phat thanh va truyen hinh'],
    ['Ngân Sơn', 'ngan son'],
    ['  UBND \u00a0 huyện\tBa Bể ', 'ubnd huyen ba be'],
    ['Pác\u200b Nặm', 'pac nam'],
    ['O\u0302ng', 'ong'],
  ])('%j is %j', (text, expected) => expect(folded(text)).toBe(expected));

  it('is the same however the letters were put together', () => {
    const name = 'Ủy ban nhân dân thành phố Bắc Kạn, Đài PT-TH';
    expect(folded(name.normalize('NFD'))).toBe(folded(name.normalize('NFC')));
  });
});

describe('spelled', () => {
  it.each([
    ['Ủy ban', 'Uỷ ban'],
    ['thủy', 'thuỷ'],
    ['HÒA', 'hoà'],
    ['Khỏe', 'khoẻ'],
    ['Ủy'.normalize('NFD'), 'Ủy'],
  ])('%j and %j are one word, written twice', (one, other) => expect(spelled(one)).toBe(spelled(other)));

  it.each([
    ['số', 'sổ'],
    ['số', 'so'],
    ['sơ', 'so'],
    ['điện', 'diện'],
    ['Bắc', 'Bác'],
  ])('%j and %j are not', (one, other) => expect(spelled(one)).not.toBe(spelled(other)));

  it('of the beginning of a word is the beginning of its spelling', () => {
    expect(spelled('thủy').startsWith(spelled('thủ'))).toBe(true);
    expect(spelled('(Ủy ban)')).toContain(spelled('ủy'));
  });
});

it('what is spelled alike is folded alike', () => {
  const word = fc.string({
    unit: fc.constantFrom(...Array.from('aăâbdđeêioôơuưyàảãáạủỷ ,-')),
    maxLength: 20,
  });
  fc.assert(
    fc.property(word, word, (one, other) => spelled(one) !== spelled(other) || folded(one) === folded(other)),
  );
});

describe('patterns', () => {
  it('ask for every word, in any order', () => expect(patternsOf('noi vu')).toEqual(['%noi%', '%vu%']));
  it('take the signs of LIKE for what they are', () =>
    expect(patternsOf('50%_\\')).toEqual(['%50\\%\\_\\\\%']));
  it.each([null, undefined, '', '  ', '\u200b\u0000'])('there are none for %j', (text) =>
    expect(searchOf(text)).toBeUndefined(),
  );
  it('of a text that is no search at all are cut', () =>
    expect(searchOf('x'.repeat(5_000))).toHaveLength(200));
});
