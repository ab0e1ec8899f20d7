import { badUserInput, instantOf } from '@loa/graphql';
import { z } from 'zod';

/** The argument that every question takes. */
export interface Standpoint {
  /** What was recorded at that instant; left out: now. */
  readonly asOf?: string | null;
}

/** SDL of the argument `asOf`. */
export const asOfArgument = `"""
    What was recorded at that instant, RFC 3339. Left out: now.
    """
    asOf: DateTime`;

/**
 * The instant to answer as of, if one was asked for.
 * @throws GraphQLError BAD_USER_INPUT when there is no such instant
 */
export const asOfIn = ({ asOf }: Standpoint): string | undefined =>
  asOf === null || asOf === undefined ? undefined : instantOf(asOf, 'asOf');

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
