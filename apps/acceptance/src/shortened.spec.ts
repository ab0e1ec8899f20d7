import { shortenedAs } from './shortened.js';

const whole = { name: 'a', list: [{ n: 1 }, { n: 2 }, { n: 3 }, { n: 4 }], at: '2022-04-18T08:00:00Z' };

it.each<[what: string, shown: unknown]>([
  ['all of it', whole],
  ['a value left out', { ...whole, at: '…' }],
  ['the rest of a list left out', { ...whole, list: [{ n: 1 }, '…'] }],
  ['how many that are', { ...whole, list: [{ n: 1 }, '… 3 more'] }],
  ['the begin of a list left out', { ...whole, list: ['…', { n: 4 }] }],
  ['several parts of a list left out', { ...whole, list: ['…', { n: 2 }, '… 1 more', { n: 4 }] }],
  ['parts of elements left out', { ...whole, list: [{ n: '…' }, '…'] }],
])('a page may show %s', (_, shown) => expect(shortenedAs(shown, whole)).toEqual(shown));

it.each<[what: string, shown: unknown]>([
  ['another value', { ...whole, name: 'b' }],
  ['a field too few', { name: 'a', at: '…' }],
  ['a field too many', { ...whole, more: 1 }],
  ['a list cut off in silence', { ...whole, list: [{ n: 1 }] }],
  ['another number of elements', { ...whole, list: [{ n: 1 }, '… 4 more'] }],
  ['something left out where nothing is', { ...whole, list: [...whole.list, '…'] }],
  ['an element that is not there', { ...whole, list: [{ n: 1 }, '…', { n: 7 }] }],
  ['elements in another order', { ...whole, list: [{ n: 2 }, { n: 1 }, '…'] }],
  ['an element too many', { ...whole, list: [...whole.list, { n: 5 }] }],
  ['a list that is none', { ...whole, name: ['a'] }],
])('a page may not show %s', (_, shown) => expect(shortenedAs(shown, whole)).not.toEqual(shown));
