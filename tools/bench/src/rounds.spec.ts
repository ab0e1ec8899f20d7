import { contend, type Contestant } from './rounds.js';

const contestant = (name: string, rates: readonly number[], log: string[] = []): Contestant => {
  let round = 0;
  return {
    name,
    run: async () => {
      log.push(name);
      return { count: rates[round++]!, seconds: 1, latencies: [1, 2, 3] };
    },
  };
};

it('compares each with its floor, round by round', async () => {
  const [comparison] = await contend(
    [[contestant('floor', [100, 10, 1]), contestant('ours', [200, 10, 3])]],
    3,
  );
  expect(comparison).toEqual({
    name: 'ours',
    floorName: 'floor',
    ours: { perSecond: 10, p50: 2, p99: 3 },
    floor: { perSecond: 10, p50: 2, p99: 3 },
    ratio: { median: 2, min: 1, max: 3 },
    rounds: 3,
  });
});

it('says whether the median reaches the aim', async () => {
  const aiming = (aim: number) => ({ ...contestant('ours', [200, 10, 3]), aim });
  const floor = () => contestant('floor', [100, 10, 1]);
  const [met, missed] = await contend(
    [
      [floor(), aiming(2)],
      [floor(), aiming(2.1)],
    ],
    3,
  );
  expect(met!.aim).toEqual({ wanted: 2, met: true });
  expect(missed!.aim).toEqual({ wanted: 2.1, met: false });
});

it('compares one with another one of its contest instead of the floor', async () => {
  const one = contestant('one', [50, 60]);
  const several = { ...contestant('several', [25, 60]), against: one };
  const found = await contend([[contestant('floor', [1, 1]), one, several]], 2);
  expect(found.map(({ name, floorName, ratio }) => [name, floorName, ratio.median])).toEqual([
    ['one', 'floor', 55],
    ['several', 'one', 0.75],
  ]);
});

it('keeps the contestants of a contest together', async () => {
  const log: string[] = [];
  const pair = (name: string) =>
    [contestant(`${name}0`, [1, 1, 1, 1], log), contestant(`${name}1`, [1, 1, 1, 1], log)] as const;
  await contend([pair('a'), pair('b'), pair('c')], 4);
  expect(log).toHaveLength(24);
  for (let at = 0; at < log.length; at += 2) {
    expect(log[at]![0]).toBe(log[at + 1]![0]);
    expect(log[at]).not.toBe(log[at + 1]);
  }
});
