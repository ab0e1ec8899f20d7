import { Tally } from './tally.js';

it('counts from the end of the first batch to the end of the last', async () => {
  let now = 1_000;
  const tally = new Tally(60, () => now);
  for (const count of [10, 20, 30]) {
    tally.add(count);
    now += 500;
  }
  await expect(tally.complete).resolves.toEqual({ count: 50, seconds: 1, latencies: [] });
});

it('is not complete before all has arrived', async () => {
  const tally = new Tally(3);
  tally.add(1);
  tally.add(1);
  await expect(Promise.race([tally.complete, Promise.resolve('not yet')])).resolves.toBe('not yet');
});

it('counts the first batch too when it was told to begin before', async () => {
  let now = 0;
  const tally = new Tally(30, () => now);
  tally.begin();
  now = 1_000;
  tally.begin();
  tally.add(10);
  now = 2_000;
  tally.add(20);
  await expect(tally.complete).resolves.toEqual({ count: 30, seconds: 2, latencies: [] });
});
