import { drawn, figure } from './table.js';

it.each([
  [12_345.6, '12346'],
  [99.96, '100.0'],
  [12.34, '12.3'],
  [1.234, '1.23'],
  [0.126, '0.13'],
  [Number.NaN, '–'],
])('writes %d as %s', (value, text) => expect(figure(value)).toBe(text));

it('puts text on the left and numbers on the right', () =>
  expect(
    drawn({
      title: 'T',
      columns: ['what', 'events/s'],
      rows: [
        ['one', 5],
        ['and two', 12_000],
      ],
      notes: ['a note'],
    }),
  ).toBe(
    [
      'T',
      'what     events/s',
      '───────  ────────',
      'one          5.00',
      'and two     12000',
      '  a note',
    ].join('\n'),
  ));
