import { Client } from './client.js';
import { StandaloneProcess } from './standalone-process.js';

interface Counted {
  readonly agencies: { readonly totalCount: number };
}
const count = async (loa: StandaloneProcess) =>
  (await new Client(loa.url).query<Counted>('{ agencies(first: 1) { totalCount } }')).agencies.totalCount;

describe('npm start', () => {
  let loa: StandaloneProcess;

  beforeAll(async () => {
    loa = await StandaloneProcess.prepare();
  });
  afterAll(() => loa.discard());

  it('makes the world of Bắc Kạn on its first start, and says where it is', async () => {
    await loa.start();
    expect(loa.printed).toContain(`${loa.url}/graphql`);
    expect(loa.printed).toContain(`${loa.url}/explorer`);
    expect(await count(loa)).toBe(126);
    const { activities } = await new Client(loa.url).query<{ activities: { totalCount: number } }>(
      '{ activities(first: 1) { totalCount } }',
    );
    expect(activities.totalCount).toBe(604);
  }, 180_000);

  it('stops cleanly on Ctrl-C, leaves no server behind, and finds its data again', async () => {
    expect(await loa.end('SIGINT')).toBe(0);
    await expect(fetch(loa.url)).rejects.toThrow();
    const seconds = await loa.start();
    expect(loa.printed).not.toContain('making the world');
    expect(await count(loa)).toBe(126);
    expect(seconds).toBeLessThan(60);
  }, 120_000);

  it('is not started twice on one folder', async () => {
    const second = StandaloneProcess.beside(loa);
    await expect((await second).start()).rejects.toThrow('is running on');
    expect(await count(loa)).toBe(126);
  }, 60_000);

  it('recovers by itself from kill -9', async () => {
    await loa.end('SIGKILL');
    await loa.start();
    expect(await count(loa)).toBe(126);
  }, 120_000);

  it('finishes the demo world when its making was cut short', async () => {
    await loa.end('SIGTERM');
    await loa.cutShort('making the world', '--fresh');
    await loa.start();
    const { activities } = await new Client(loa.url).query<{ activities: { totalCount: number } }>(
      '{ activities(first: 1) { totalCount } }',
    );
    expect(activities.totalCount).toBe(604);
  }, 240_000);

  it('starts over when told to', async () => {
    await loa.end('SIGTERM');
    await loa.start('--fresh', '--empty');
    expect(await count(loa)).toBe(0);
  }, 120_000);
});
