import { readerNames } from '@loa/gateway';
import { made } from './build.js';
import { readers } from './readers.js';

it('are those that this build runs, where it keeps their rows', () => {
  const from = { owner: '', logs: {}, partitions: 1, code: '' };
  const running = [...made].map(([name, { database, sources, side }]) => {
    const { reader, schema, registry } = side(from);
    expect(reader).toBe(name);
    return { name, database, schema, registry, sources };
  });
  expect(readers).toEqual(running);
  expect(readers.map(({ name }) => name)).toEqual(readerNames);
});
