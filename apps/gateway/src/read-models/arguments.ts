import { badUserInput, dayOf, instantOf } from '@loa/graphql';
import { z } from 'zod';

/** The argument that every question takes. */
export interface Standpoint {
  /** What was recorded at that instant; left out: now. */
  readonly asOf?: string | null;
}

/** SDL of the arguments that every question takes. */
export const standpointArguments = `"""
    What was recorded at that instant, RFC 3339. Left out: now. As long as that may come to be known better, because
    events of then are on their way or set aside, \`extensions.freshness\` of the response says stale; then it is final.
    """
    asOf: DateTime
    """
    What the answer is to show at least: \`minPosition\` of an accepted command. The answer waits for it, for a moment. When
    it does not come in time the answer is given all the same, and \`extensions.freshness\` of the response says stale.
    """
    minPosition: String`;

// PostgreSQL has no year 0 and writes no year beyond 9999 as we do. Nothing was ever recorded outside of these.
const EARLIEST = Date.parse('1900-01-01T00:00:00Z');
const LATEST = Date.parse('9999-12-31T00:00:00Z');

/**
 * The instant to answer as of, if one was asked for.
 * @returns RFC 3339 in UTC, with milliseconds
 * @throws GraphQLError BAD_USER_INPUT when there is no such instant
 */
export function asOfIn({ asOf }: Standpoint): string | undefined {
  if (asOf === null || asOf === undefined) return undefined;
  const instant = Date.parse(instantOf(asOf, 'asOf'));
  return new Date(Math.min(Math.max(instant, EARLIEST), LATEST)).toISOString();
}

/**
 * A day to filter by, if one was given.
 * @returns YYYY-MM-DD
 * @throws GraphQLError BAD_USER_INPUT when there is no such day
 */
export function dayIn(text: string | null | undefined, argument: string): string | undefined {
  if (text === null || text === undefined) return undefined;
  const day = dayOf(text, argument);
  return day < '1900-01-01' ? '1900-01-01' : day;
}

const uuid = z.uuid().toLowerCase();
const MOST_IDS = 500;

/**
 * An argument of type ID, judged.
 * @throws GraphQLError BAD_USER_INPUT when it is no UUID
 */
export function idOf(text: string, argument: string): string {
  const parsed = uuid.safeParse(text);
  if (parsed.success) return parsed.data;
  throw badUserInput(
    {
      vi: `«${argument}» không phải mã UUID. Kiểm tra lại mã.`,
      en: `"${argument}" is not a UUID. Check the id.`,
    },
    argument,
  );
}

export const optionalId = (text: string | null | undefined, argument: string): string | undefined =>
  text === null || text === undefined ? undefined : idOf(text, argument);

/**
 * A choice of ids, judged; undefined when nothing was chosen, which means all.
 * @throws GraphQLError BAD_USER_INPUT when one is no UUID, or there are too many
 */
export function idsOf(texts: readonly string[] | null | undefined, argument: string): string[] | undefined {
  if (texts === null || texts === undefined) return undefined;
  if (texts.length <= MOST_IDS) return texts.map((text, index) => idOf(text, `${argument}.${index}`));
  throw badUserInput(
    {
      vi: `«${argument}» có ${texts.length} mã, nhiều nhất là ${MOST_IDS}. Chia thành nhiều lần hỏi.`,
      en: `"${argument}" holds ${texts.length} ids, at most ${MOST_IDS} are allowed. Ask in several parts.`,
    },
    argument,
  );
}
