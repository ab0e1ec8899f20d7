import { readOptions } from './options.js';

it('runs everything when nothing is named', () =>
  expect(readOptions([])).toEqual({ parts: ['append', 'query', 'visible'], quick: false }));
it('runs what is named, in the order of the report', () =>
  expect(readOptions(['visible', '--quick', 'append'])).toEqual({
    parts: ['append', 'visible'],
    quick: true,
  }));
it.each([[['apend']], [['--fast']]])('refuses %j', (args) => expect(() => readOptions(args)).toThrow());
