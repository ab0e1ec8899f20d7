import { backoff, pause, within } from './backoff.js';

const draws = (failures: number, longest?: number) =>
  Array.from({ length: 500 }, () => backoff(failures, longest));
const least = (all: readonly number[]) => Math.min(...all);
const most = (all: readonly number[]) => Math.max(...all);
/** Longer than these tests may take, and short enough for the process to end should a timer be left. */
const long = 20_000;
const never = () => new Promise<never>(() => undefined);

describe('the time until the next try', () => {
  it.each([
    [0, 50],
    [1, 100],
    [3, 400],
    [6, 3_200],
    [7, 5_000],
    [5_000, 5_000],
  ])('after %i failures is between half of %i ms and all of it', (failures, whole) => {
    const all = draws(failures);
    expect(least(all)).toBeGreaterThanOrEqual(whole / 2);
    expect(most(all)).toBeLessThanOrEqual(whole);
  });

  it('grows with every failure', () => {
    for (let failures = 1; failures < 7; failures += 1) {
      expect(least(draws(failures))).toBeGreaterThanOrEqual(most(draws(failures - 1)));
    }
  });

  it('is not the same for those that failed together, also when it grows no more', () => {
    for (const failures of [0, 4, 100]) {
      const all = draws(failures);
      expect(new Set(all).size).toBeGreaterThan(100);
      expect(most(all) / least(all)).toBeGreaterThan(1.5);
    }
  });

  it('has the bound that its caller sets, also one below the first pause', () => {
    expect(most(draws(9, 300))).toBeLessThanOrEqual(300);
    expect(least(draws(9, 300))).toBeGreaterThanOrEqual(150);
    expect(most(draws(0, 10))).toBeLessThanOrEqual(10);
  });
});

describe('a pause', () => {
  it('is over at once when its signal was given before it', async () => {
    await expect(pause(long, AbortSignal.abort())).resolves.toBeUndefined();
  }, 5_000);

  it('is over as soon as its signal is given', async () => {
    const stop = new AbortController();
    const paused = pause(long, stop.signal);
    stop.abort();
    await expect(paused).resolves.toBeUndefined();
  }, 5_000);

  it('lasts its time without a signal', async () => {
    const before = performance.now();
    await pause(30, new AbortController().signal);
    // Timers may go off a little early.
    expect(performance.now() - before).toBeGreaterThan(25);
  });
});

describe('waiting for what may hang', () => {
  it('says whether it was done in time; a failure is done, too', async () => {
    expect(await within(long, Promise.resolve('done'))).toBe(true);
    expect(await within(long, Promise.reject(new Error('failed')))).toBe(true);
    expect(await within(1, never())).toBe(false);
  }, 5_000);

  it('leaves no timer behind that would hold up the end of the process', async () => {
    const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
    const before = timers();
    await within(long, Promise.resolve());
    expect(timers()).toBeLessThanOrEqual(before);
  });
});
