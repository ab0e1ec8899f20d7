/** Signs of the five tones, apart from their vowels: huyền, sắc, ngã, hỏi, nặng. */
const TONES = /[\u0300\u0301\u0303\u0309\u0323]/g;
const WORD = /\p{L}[\p{L}\p{M}]*/gu;

/** Lower case, letters and signs apart, one plain space between words; what cannot be seen is gone. */
const apart = (text: string): string =>
  text
    .normalize('NFD')
    .toLowerCase()
    .replace(/\p{Cf}/gu, '')
    .replace(/[\p{Cc}\p{Z}]+/gu, ' ')
    .trim();

/** Without any sign, đ as d: "Ủy ban" and "UY BAN" are the same, and so are "số", "sổ" and "sơ". */
export const folded = (text: string): string => apart(text).replace(/\p{M}/gu, '').replaceAll('đ', 'd');

/**
 * With its signs, but each tone moved before its word: the two correct spellings of one word, "Ủy" and "Uỷ", become
 * the same, and so do the beginnings of a word that is still being typed. Not for reading.
 */
export const spelled = (text: string): string =>
  apart(text)
    .replace(WORD, (word) => `${word.match(TONES)?.join('') ?? ''}${word.replace(TONES, '')}`)
    .normalize('NFC');

/** LIKE patterns for the words of a search: a text matches when it holds every one of them. */
export const patternsOf = (words: string): string[] =>
  words
    .split(' ')
    .filter((word) => word !== '')
    .map((word) => `%${word.replace(/[\\%_]/g, '\\$&')}%`);

/** Longer than any name. */
const LONGEST_SEARCH = 200;

/** What is searched for, if there is anything to look for in it. */
export function searchOf(text: string | null | undefined): string | undefined {
  const search = text?.slice(0, LONGEST_SEARCH) ?? '';
  return folded(search) === '' ? undefined : search;
}
