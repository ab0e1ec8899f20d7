import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { misread, recordedSnapshots, snapshotsFolder, snapshotsNow, writeSnapshots } from './snapshots.js';

const now = await snapshotsNow();

describe.each([...now])('snapshots of %s', (name, snapshots) => {
  it('are read by the code of now as they were meant, or have a new schema number', async () =>
    expect(misread(await recordedSnapshots(name), snapshots)).toEqual([]));

  it('are recorded (npm run contracts records them)', async () =>
    expect(await recordedSnapshots(name)).toEqual(snapshots));
});

it('no others are recorded', async () =>
  expect(await readdir(snapshotsFolder)).toEqual([...now.keys()].map((name) => `${name}.json`).toSorted()));

describe('a folder of snapshots', () => {
  const name = 'testing.door';
  const snapshots = (schema: number, states: Record<string, readonly unknown[]>) => ({ schema, states });
  const before = snapshots(2, { front: [{ open: false }, { open: true }] });
  const write = (next: typeof before) => writeSnapshots(folder, new Map([[name, next]]));
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'loa-snapshots-'));
    await write(before);
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it.each([
    ['the same again', before],
    ['another stream', snapshots(2, { ...before.states, back: [{ open: true }] })],
    ['other states of a higher number, and leaves the old ones out', snapshots(3, { back: [{ shut: 1 }] })],
  ])('takes %s', async (_, next) => {
    await write(next);
    expect(await recordedSnapshots(name, folder)).toEqual(next);
  });

  it.each([
    [
      'another state on the way to the same',
      snapshots(2, { front: [{ open: true }, { open: true }] }),
      'event 1 of front leads to another state than it did: raise `schema` to 3',
    ],
    ['a state that is gone', snapshots(2, {}), 'event 1 of front'],
    [
      'a new field, also where no old event shows it',
      snapshots(2, { ...before.states, back: [{ open: true, key: { by: 'x' } }] }),
      'new field key.by: raise `schema` to 3, then npm run contracts',
    ],
    ['a number that was there before', snapshots(1, before.states), 'went back from 2 to 1'],
  ])('refuses %s', async (_, next, words) => {
    await expect(write(next)).rejects.toThrow(words);
    expect(await recordedSnapshots(name, folder)).toEqual(before);
  });
});
