import type { GraphQLError } from 'graphql';
import { z } from 'zod';
import { badUserInput } from './edge-error.js';

/** The sort keys of a row, the last of which makes it the only one. */
export type CursorKeys = readonly (string | number | boolean | null)[];

const written = z.tuple([
  z.string(),
  z.string(),
  z.array(z.union([z.string(), z.number(), z.boolean(), z.null()])),
]);

/** FNV-1a, 32 bits. It finds damage, not malice: a cursor gives no right to anything, the query still decides what is seen. */
function checksum(text: string): string {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash.toString(36);
}

/**
 * The place of a row in a list, as opaque text.
 * @param list names the list and its order, so that a cursor of another list is told from one of this
 */
export function encodeCursor(keys: CursorKeys, list = ''): string {
  const sum = checksum(JSON.stringify([list, keys]));
  return Buffer.from(JSON.stringify([list, sum, keys])).toString('base64url');
}

const unusable = (argument: string): GraphQLError =>
  badUserInput(
    {
      vi: `Con trỏ trang ở «${argument}» không dùng được cho danh sách này. Lấy lại từ trang đầu, không kèm «${argument}».`,
      en: `The cursor in "${argument}" is not one of this list. Begin at the first page again, without "${argument}".`,
    },
    argument,
  );

/**
 * The sort keys in a cursor.
 * @param expected `list` as given to {@link encodeCursor}; `keys` the shape of the keys, e.g. `z.tuple([z.int(), z.uuid()])`
 * @throws GraphQLError BAD_USER_INPUT when the cursor is damaged, of another list, or of another shape
 */
export function decodeCursor<Keys extends CursorKeys = CursorKeys>(
  text: string,
  expected: { list?: string; keys?: z.ZodType<Keys>; argument?: string } = {},
): Keys {
  const argument = expected.argument ?? 'after';
  let parsed: unknown;
  try {
    parsed = JSON.parse(Buffer.from(text, 'base64url').toString());
  } catch {
    throw unusable(argument);
  }
  const cursor = written.safeParse(parsed);
  if (!cursor.success) throw unusable(argument);
  const [list, sum, keys] = cursor.data;
  if (list !== (expected.list ?? '') || sum !== checksum(JSON.stringify([list, keys])))
    throw unusable(argument);
  const shaped = (expected.keys ?? z.custom<Keys>()).safeParse(keys);
  if (!shaped.success) throw unusable(argument);
  return shaped.data;
}

/**
 * How many rows to answer with.
 * @throws GraphQLError BAD_USER_INPUT when `first` is below 1 or above the cap
 */
export function pageSize(first: number | null | undefined, { fallback = 20, max = 100 } = {}): number {
  if (first === null || first === undefined) return fallback;
  if (Number.isInteger(first) && first >= 1 && first <= max) return first;
  throw badUserInput(
    {
      vi: `«first» phải từ 1 đến ${max}, không phải ${first}. Lấy từng trang bằng «after», hoặc thu hẹp bộ lọc.`,
      en: `"first" must be 1 to ${max}, not ${first}. Page with "after", or narrow the filter.`,
    },
    'first',
  );
}
