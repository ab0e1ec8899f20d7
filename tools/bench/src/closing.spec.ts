import { Closing, Stopped } from './closing.js';

it('ends what was opened last first, and goes on when one fails', async () => {
  const log: unknown[] = [];
  const closing = new Closing((error) => log.push(error));
  const stuck = new Error('stuck');
  closing.add(async () => log.push('first'));
  closing.add(() => Promise.reject(stuck));
  closing.add(async () => log.push('last'));
  await closing.close();
  expect(log).toEqual(['last', stuck, 'first']);
});

it('waits for what is still starting, and ends it', async () => {
  const closing = new Closing();
  const ended: string[] = [];
  const held = closing.hold(
    () => new Promise<string>((resolve) => setTimeout(() => resolve('server'), 20)),
    async (server) => ended.push(server),
  );
  await closing.close();
  expect(ended).toEqual(['server']);
  await expect(held).resolves.toBe('server');
});

it('has nothing to end when the start failed', async () => {
  const closing = new Closing();
  const ended: unknown[] = [];
  const held = closing.hold(
    () => Promise.reject(new Error('no')),
    async (it) => ended.push(it),
  );
  await expect(held).rejects.toThrow('no');
  await closing.close();
  expect(ended).toEqual([]);
});

it('begins nothing any more once it is closing', async () => {
  const closing = new Closing();
  await closing.close();
  let begun = 0;
  const start = async () => begun++;
  expect(() => closing.add(start)).toThrow(Stopped);
  await expect(closing.hold(start, async () => undefined)).rejects.toThrow(Stopped);
  expect(begun).toBe(0);
});
