import { steadily } from './pace.js';

it('makes every call, at its time, without waiting for the others', async () => {
  const begin = performance.now();
  const at: number[] = [];
  await steadily(100, 0.3, async (index) => {
    at[index] = performance.now() - begin;
    await new Promise((resolve) => setTimeout(resolve, 100));
  });
  expect(at).toHaveLength(30);
  for (const [index, ms] of at.entries()) expect(ms).toBeGreaterThanOrEqual(index * 10 - 3);
  expect(performance.now() - begin).toBeLessThan(3_000);
});

it('fails when a call fails', () =>
  expect(steadily(1_000, 0.01, () => Promise.reject(new Error('no')))).rejects.toThrow('no'));

it('says when each call was due, also when it comes late', async () => {
  const lateness: number[] = [];
  const dues: number[] = [];
  await steadily(100, 0.1, async (index, due) => {
    dues.push(due);
    lateness.push(performance.now() - due);
    // Nothing else can run for five turns.
    if (index === 2) for (const end = performance.now() + 50; performance.now() < end;);
  });
  expect(dues.slice(1).map((due, index) => Math.round(due - dues[index]!))).toEqual(Array(9).fill(10));
  expect(lateness[3]).toBeGreaterThanOrEqual(35);
});
