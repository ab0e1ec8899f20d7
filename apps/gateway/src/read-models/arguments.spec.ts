import { asOfIn, dayIn, idOf, idsOf, optionalId } from './arguments.js';

const refused = (ask: () => unknown) => {
  try {
    ask();
  } catch (error) {
    return (error as { extensions: unknown }).extensions;
  }
  throw new Error('it was not refused');
};

describe('asOf', () => {
  it.each([
    ['2022-04-18T08:00:00+07:00', '2022-04-18T01:00:00.000Z'],
    ['2022-04-18T01:00:00.123456Z', '2022-04-18T01:00:00.123Z'],
    // Years that PostgreSQL would not take: nothing was recorded before the one or after the other.
    ['0000-01-01T00:00:00Z', '1900-01-01T00:00:00.000Z'],
    ['9999-12-31T23:59:59-10:00', '9999-12-31T00:00:00.000Z'],
  ])('%s is %s', (asOf, instant) => expect(asOfIn({ asOf })).toBe(instant));

  it.each([undefined, null])('%p is now', (asOf) =>
    expect(asOfIn(asOf === undefined ? {} : { asOf })).toBeUndefined(),
  );

  it.each(['', 'abc', '2022-04-18', '2022-04-18T08:00:00', '2022-02-30T00:00:00Z', '2022-04-18T25:00:00Z'])(
    '%j is refused in both languages',
    (asOf) =>
      expect(refused(() => asOfIn({ asOf }))).toEqual({
        code: 'BAD_USER_INPUT',
        argument: 'asOf',
        messages: { vi: expect.stringContaining('asOf'), en: expect.stringContaining('asOf') },
      }),
  );
});

it('days are days that exist', () => {
  expect(dayIn('2024-02-29', 'heldFrom')).toBe('2024-02-29');
  expect(dayIn('0000-01-01', 'heldFrom')).toBe('1900-01-01');
  expect(dayIn(null, 'heldFrom')).toBeUndefined();
  expect(refused(() => dayIn('2023-02-29', 'heldFrom'))).toMatchObject({ argument: 'heldFrom' });
});

it('ids are UUIDs, in lower case', () => {
  const id = '00000000-0000-4000-8000-00000000000a';
  expect(idOf(id.toUpperCase(), 'id')).toBe(id);
  expect(optionalId(null, 'id')).toBeUndefined();
  expect(idsOf([id], 'ids')).toEqual([id]);
  expect(idsOf(null, 'ids')).toBeUndefined();
  expect(refused(() => idsOf([id, 'x'], 'ids'))).toMatchObject({ code: 'BAD_USER_INPUT', argument: 'ids.1' });
});
