import { readPlan, writePlan } from '@loa/fail-points';
import { randomOf } from './random.js';
import { membersOf, scheduleOf } from './schedule.js';

const seeds = Array.from({ length: 300 }, (_, index) => index + 1);

it('is the same for the same seed', () => {
  for (const kafka of ['none', 'one', 'three'] as const)
    expect(scheduleOf(17, kafka)).toEqual(scheduleOf(17, kafka));
});

it('is another one for another seed', () =>
  expect(new Set(seeds.map((seed) => JSON.stringify(scheduleOf(seed, 'one')))).size).toBe(seeds.length));

it('kills, and does what else there is, some time', () => {
  const kinds = new Set(seeds.flatMap((seed) => scheduleOf(seed, 'three').faults.map(({ kind }) => kind)));
  expect([...kinds].sort()).toEqual([
    'clock',
    'crash PostgreSQL',
    'cut',
    'cut Kafka',
    'end sessions',
    'freeze',
    'freeze session',
    'full disk',
    'kill',
    'kill broker',
    'move leaders',
    'publish again',
    'slow Kafka',
    'slow network',
    'zombie relay',
  ]);
  for (const seed of seeds) {
    const { faults, loadMs } = scheduleOf(seed, 'none');
    expect(faults.filter(({ kind }) => kind === 'kill').length).toBeGreaterThanOrEqual(2);
    expect(faults.every(({ at }) => at > 0 && at < loadMs)).toBe(true);
    expect(faults.map(({ at }) => at)).toEqual(faults.map(({ at }) => at).toSorted((a, b) => a - b));
  }
});

it('without Kafka it touches neither relays nor brokers', () => {
  const told = JSON.stringify(seeds.map((seed) => scheduleOf(seed, 'none')));
  expect(told).not.toMatch(/relay|broker|leaders|publish|Kafka/);
});

it('plans failures that processes understand', () => {
  for (const seed of seeds)
    for (const failures of Object.values(scheduleOf(seed, 'one').failures))
      expect(readPlan(writePlan(failures))).toEqual(failures);
});

it('has processes of every kind', () => {
  expect(membersOf('none')).toEqual(['appender-1', 'appender-2', 'reader-1', 'reader-2']);
  expect(membersOf('one')).toHaveLength(6);
});

describe('chance', () => {
  it('stays within its bounds and reaches both', () => {
    const random = randomOf(1);
    const drawn = seeds.map(() => random.between(2, 4));
    expect([...new Set(drawn)].sort()).toEqual([2, 3, 4]);
  });

  it('is spread evenly', () => {
    const random = randomOf(5);
    const drawn = Array.from({ length: 10_000 }, () => random.next());
    for (const tenth of [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]) {
      const share = drawn.filter((x) => x >= tenth / 10 && x < (tenth + 1) / 10).length / drawn.length;
      expect(share).toBeGreaterThan(0.08);
      expect(share).toBeLessThan(0.12);
    }
  });
});
