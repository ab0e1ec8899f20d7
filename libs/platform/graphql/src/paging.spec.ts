import { GraphQLError } from 'graphql';
import { z } from 'zod';
import { decodeCursor, encodeCursor, pageSize } from './paging.js';

const keys = ['Kế hoạch 211/KH-UBND', 2022, null, true, '0190e4a4-0000-7000-8000-000000000000'] as const;

function refusalOf(act: () => unknown): GraphQLError {
  try {
    act();
  } catch (error) {
    if (error instanceof GraphQLError) return error;
    throw error;
  }
  throw new Error('it was not refused');
}

describe('a cursor', () => {
  it('brings back the keys it was made of', () => expect(decodeCursor(encodeCursor(keys))).toEqual(keys));
  it('may stand in an address', () => expect(encodeCursor(keys)).toMatch(/^[\w-]+$/));

  it.each([
    ['empty', ''],
    ['no cursor', 'hello'],
    ['JSON of another kind', Buffer.from('{"a":1}').toString('base64url')],
    ['cut short', encodeCursor(keys).slice(0, -4)],
    ['of another list', encodeCursor(keys, 'plans')],
    [
      'changed',
      Buffer.from(Buffer.from(encodeCursor(keys), 'base64url').toString().replace('2022', '2023')).toString(
        'base64url',
      ),
    ],
  ])('is refused when %s, in both languages', (_what, text) => {
    const { extensions, message } = refusalOf(() => decodeCursor(text));
    expect(extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument: 'after' });
    expect(extensions['messages']).toEqual({
      en: message,
      vi: expect.stringContaining('Lấy lại từ trang đầu') as string,
    });
  });

  it('is refused when its keys are not of the shape that the list sorts by', () => {
    const shape = z.tuple([z.int(), z.string()]);
    expect(decodeCursor(encodeCursor([1, 'a'], 'plans'), { list: 'plans', keys: shape })).toEqual([1, 'a']);
    const refusal = refusalOf(() =>
      decodeCursor(encodeCursor(['1', 'a']), { keys: shape, argument: 'before' }),
    );
    expect(refusal.extensions['argument']).toBe('before');
  });
});

describe('the size of a page', () => {
  it('is 20 when not said', () => expect([pageSize(undefined), pageSize(null)]).toEqual([20, 20]));
  it('is what was asked for, up to 100', () => expect([pageSize(1), pageSize(100)]).toEqual([1, 100]));
  it.each([0, -1, 101])('is refused at %i', (first) =>
    expect(refusalOf(() => pageSize(first)).extensions).toMatchObject({
      code: 'BAD_USER_INPUT',
      argument: 'first',
      messages: { en: `"first" must be 1 to 100, not ${first}. Page with "after", or narrow the filter.` },
    }),
  );
});
