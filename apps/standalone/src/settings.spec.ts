import { BadConfiguration } from '@loa/service';
import { readSettings } from './settings.js';

it('starts with what was kept, unless it is told otherwise', () => {
  expect(readSettings([])).toMatchObject({ fresh: false, empty: false });
  expect(readSettings(['--fresh', '--empty'])).toMatchObject({ fresh: true, empty: true });
});

it.each([['--nonsense'], ['nonsense'], ['--fresh=yes']])('says what there is in the place of %s', (arg) => {
  expect(() => readSettings([arg])).toThrow(BadConfiguration);
  expect(() => readSettings([arg])).toThrow('npm start -- [--fresh] [--empty]');
});
