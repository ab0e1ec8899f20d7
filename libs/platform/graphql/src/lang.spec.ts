import { langOf, preferredLang } from './lang.js';

it.each([
  [undefined, 'vi'],
  ['', 'vi'],
  ['en', 'en'],
  ['en-GB,vi;q=0.8', 'en'],
  ['vi-VN,vi;q=0.9,en;q=0.8', 'vi'],
  ['fr, en;q=0.5', 'en'],
  ['en;q=0.4, vi ; q=0.9', 'vi'],
  ['en;q=0', 'vi'],
  ['*', 'vi'],
  [';;q=x', 'vi'],
  ['english', 'vi'],
])('hears %p as %s', (header, lang) => expect(preferredLang(header)).toBe(lang));

it('takes the language asked for before the one of the request', () => {
  const context = { req: { headers: { 'accept-language': 'en' } } };
  expect(langOf(context, 'vi')).toBe('vi');
  expect(langOf(context, null)).toBe('en');
  expect(langOf(undefined)).toBe('vi');
});
