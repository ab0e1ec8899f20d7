import { Client, StandaloneProcess } from '@loa/outside';
import { dirname } from 'node:path';
import { readmeHolds } from './readme.js';

interface Counted {
  readonly agencies: { readonly totalCount: number };
  readonly activities: { readonly totalCount: number };
}

/** The demo world, as far as it can be counted. */
const whole: Counted = { agencies: { totalCount: 126 }, activities: { totalCount: 604 } };
const empty: Counted = { agencies: { totalCount: 0 }, activities: { totalCount: 0 } };

describe('npm start', () => {
  let loa: StandaloneProcess;
  let client: Client;
  const counted = () =>
    client.query<Counted>('{ agencies(first: 1) { totalCount } activities(first: 1) { totalCount } }');

  beforeAll(async () => {
    loa = await StandaloneProcess.prepare();
    client = new Client(loa.url);
  });
  afterAll(async () => {
    client.close();
    await loa.discard();
  });

  it('makes the world of Bắc Kạn on its first start, also when kill -9 cuts that short, and says where it is', async () => {
    await loa.cutShort('making the world', async () =>
      expect((await counted()).agencies.totalCount).toBeGreaterThan(0),
    );
    await loa.start();
    // It was not done yet when it was cut short: then nothing would have been left to make.
    expect(loa.printed).toContain('making the world');
    expect(loa.printed).toContain(`${loa.url}/graphql`);
    expect(loa.printed).toContain(`${loa.url}/explorer`);
    expect(loa.printed).toContain(
      loa.postgresLog.startsWith(loa.folder) ? loa.folder : dirname(loa.postgresLog),
    );
    expect(await counted()).toEqual(whole);
  }, 240_000);

  readmeHolds(() => client);

  it('is not started twice on one folder', async () => {
    const second = await StandaloneProcess.beside(loa);
    await expect(second.start()).rejects.toThrow('is running on');
    // It is told before anything is loaded and started.
    expect(second.printed).not.toContain('starting');
    expect(await counted()).toEqual(whole);
  }, 120_000);

  it('stops cleanly on Ctrl-C, leaves no server behind, and finds its data again', async () => {
    expect(await loa.end('SIGINT')).toBe(0);
    await expect(fetch(loa.url)).rejects.toThrow();
    await expect(loa.postmaster()).rejects.toThrow('ENOENT');
    const seconds = await loa.start();
    expect(loa.printed).not.toContain('making the world');
    expect(await counted()).toEqual(whole);
    expect(seconds).toBeLessThan(60);
  }, 180_000);

  it('starts over when told to', async () => {
    await loa.end('SIGTERM');
    await loa.start('--fresh', '--empty');
    expect(await counted()).toEqual(empty);
  }, 180_000);
});
