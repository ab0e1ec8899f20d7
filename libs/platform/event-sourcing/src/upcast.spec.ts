import { z } from 'zod';
import { language, versionsOf, type EventContract } from './contract.js';
import { readDataBy, UnknownVersion } from './stored-data.js';
import { BrokenUpcasterChain, upcaster } from './upcast.js';

const { event } = language('shop', {});
const v1 = z.object({ sum: z.string() });
const v2 = z.object({ sum: z.int() });
const v3 = z.object({ sum: z.int(), currency: z.string(), note: z.string().optional() });
const inNumbers = upcaster(v1, v2, ({ sum }) => ({ sum: Number(sum) }));
const inDong = upcaster(v2, v3, (was) => ({ ...was, currency: 'VND' }));
const Paid = event('Paid', 3, 'It was paid.', v3, [inNumbers, inDong]);

const stored = (schemaVersion: number, data: unknown, type = Paid.type) => ({
  type,
  schemaVersion,
  data: JSON.stringify(data),
});
const read = readDataBy([Paid as EventContract]);

describe('stored data', () => {
  it.each([
    [1, { sum: '12' }],
    [2, { sum: 12 }],
    [3, { sum: 12, currency: 'VND' }],
  ])('of version %i is read as the newest version', (version, data) =>
    expect(read(stored(version, data))).toEqual({ sum: 12, currency: 'VND' }),
  );

  it('leaves out fields that a later addition to its version brought', () => {
    expect(read(stored(3, { sum: 1, currency: 'VND', tip: 2 }))).toEqual({ sum: 1, currency: 'VND' });
    expect(read(stored(2, { sum: 1, tip: 2 }))).toEqual({ sum: 1, currency: 'VND' });
  });

  it('of a version from a newer release is an error that says what to do', () => {
    expect(() => read(stored(4, {}))).toThrow(UnknownVersion);
    expect(() => read(stored(4, {}))).toThrow(
      'shop.Paid is stored in version 4, and this release reads versions 1 to 3: deploy what reads an event before',
    );
  });

  it.each([0, -1, 1.5, Number.NaN])('of version %d is an error: nobody ever wrote one', (version) =>
    expect(() => read(stored(version, {}))).toThrow(),
  );

  it('of an event without a contract is only parsed', () =>
    expect(read(stored(9, { any: 1 }, 'shop.Painted'))).toEqual({ any: 1 }));

  it('is read by one contract a type', () => {
    const other = event('Paid', 1, 'It was paid.', v1);
    expect(() => readDataBy([Paid, other] as EventContract[])).toThrow('two contracts speak of shop.Paid');
    expect(() => readDataBy([Paid, Paid] as EventContract[])).not.toThrow();
  });
});

it('an event knows the schema of every version of it', () =>
  expect(versionsOf(Paid)).toEqual([
    { schemaVersion: 1, schema: v1 },
    { schemaVersion: 2, schema: v2 },
    { schemaVersion: 3, schema: v3 },
  ]));

describe('an event does not load', () => {
  it.each([
    ['with a new version and no upcaster from the one before', 2, v3, [], 'it has 0'],
    ['with an upcaster too many', 1, v3, [inDong], 'it has 1'],
    [
      'with a gap between its upcasters',
      3,
      v3,
      [inNumbers, inNumbers],
      'of v1 does not lead to the schema of v2',
    ],
    ['with upcasters in the wrong order', 3, v3, [inDong, inNumbers], 'of v1 does not lead'],
    [
      'with an upcaster that leads to another schema',
      2,
      v3,
      [inNumbers],
      'of v1 does not lead to the schema of v2',
    ],
    ['in a version that is no number of a version', 1.5, v3, [inDong], 'needs one upcaster'],
  ])('%s', (_, version, schema, upcasters, words) => {
    expect(() => event('Paid', version, 'It was paid.', schema, upcasters)).toThrow(BrokenUpcasterChain);
    expect(() => event('Paid', version, 'It was paid.', schema, upcasters)).toThrow(words);
  });
});
