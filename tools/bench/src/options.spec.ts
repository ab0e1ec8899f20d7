import { parts, readOptions } from './options.js';

it('runs everything when nothing is named', () =>
  expect(readOptions([])).toEqual({ parts, quick: false, soakMinutes: 3 }));
it('runs what is named, in the order of the report', () =>
  expect(readOptions(['visible', '--quick', 'append'])).toEqual({
    parts: ['append', 'visible'],
    quick: true,
    soakMinutes: 0.5,
  }));
it('soaks as long as it is told', () =>
  expect(readOptions(['soak', '--soak-minutes', '60'])).toEqual({
    parts: ['soak'],
    quick: false,
    soakMinutes: 60,
  }));
it.each([[['apend']], [['--fast']], [['--soak-minutes', 'long']], [['--soak-minutes', '0']]])(
  'refuses %j',
  (args) => expect(() => readOptions(args)).toThrow(),
);
