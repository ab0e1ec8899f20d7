import type { Progress } from '@loa/projections';
import { bar, telling } from './progress.js';

const at = (ratio: number, etaSeconds?: number): Progress => ({
  source: 'reporting',
  position: 36_000 * ratio,
  head: 36_000,
  eventsPerSecond: 30_999.6,
  etaSeconds,
  ratio,
});
const drawn = (full: number) => `[${'█'.repeat(full)}${'░'.repeat(24 - full)}]`;

it.each([
  ['nothing', 0, `${drawn(0)}   0 %  reporting 0 of 36000  31000/s`],
  ['a half', 0.5, `${drawn(12)}  50 %  reporting 18000 of 36000  31000/s`],
  ['all', 1, `${drawn(24)} 100 %  reporting 36000 of 36000  31000/s`],
])('draws %s, and says the same in figures', (_, ratio, line) => {
  expect(bar(at(ratio))).toBe(line);
});

it('does not say 100 % before all is done', () => {
  expect(bar(at(0.9999))).toContain('  99 %  ');
});

it.each([
  [0.2, '1 s left'],
  [59, '59 s left'],
  [90.5, '91 s left'],
  [7_200, '7200 s left'],
])('of %s seconds left it says: %s', (seconds, words) => {
  expect(bar(at(0.5, seconds))).toBe(`${bar(at(0.5))}  ${words}`);
});

it('says nothing of the time left until it can be told', () => {
  expect(bar(at(0.5))).not.toContain('left');
});

it('tells of each step in words, and of the progress as a line', () => {
  const lines: string[] = [];
  const { onStep, onProgress } = telling((line) => lines.push(line));
  onStep('start-over', 'the tables changed');
  onProgress(at(0.5, 3));
  expect(lines).toEqual(['starting over: the tables changed', bar(at(0.5, 3))]);
});
