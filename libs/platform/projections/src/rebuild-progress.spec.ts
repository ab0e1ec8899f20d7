import { RebuildProgress } from './rebuild-progress.js';

it('counts what is taken, at which speed, and how long the rest will take', () => {
  let now = 1_000;
  const progress = new RebuildProgress(() => now);
  progress.begin('planning', 100, 300);
  progress.begin('reporting', 0, 700);
  expect(progress.taken('planning', 100)).toEqual({
    source: 'planning',
    position: 100,
    head: 300,
    eventsPerSecond: 0,
    etaSeconds: undefined,
    ratio: 0.1,
  });
  now += 2_000;
  expect(progress.taken('planning', 200)).toMatchObject({ eventsPerSecond: 50, etaSeconds: 16, ratio: 0.2 });
  expect(progress.taken('reporting', 700)).toMatchObject({ etaSeconds: 0.25, ratio: 0.9 });
});

it('moves the end on when the log has grown, and is whole when there is nothing', () => {
  const progress = new RebuildProgress(() => 0);
  expect(progress.ratio()).toBe(1);
  progress.begin('planning', 0, 10);
  expect(progress.taken('planning', 12)).toMatchObject({ position: 12, head: 12, ratio: 1 });
});
