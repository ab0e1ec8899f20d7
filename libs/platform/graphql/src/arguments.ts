import { calendarDate, instant } from '@loa/event-sourcing';
import { badUserInput } from './edge-error.js';

/**
 * An argument of type DateTime, judged: the scalar takes any text.
 * @returns the instant in UTC, RFC 3339 with milliseconds
 * @throws GraphQLError BAD_USER_INPUT when there is no such instant
 */
export function instantOf(text: string, argument: string): string {
  const parsed = instant.safeParse(text);
  if (parsed.success) return parsed.data;
  throw badUserInput(
    {
      vi: `«${argument}» không phải thời điểm có thật. Viết như 2022-04-18T08:00:00+07:00.`,
      en: `"${argument}" is not an instant that exists. Write it like 2022-04-18T08:00:00+07:00.`,
    },
    argument,
  );
}

/**
 * An argument of type Date, judged.
 * @returns the day, YYYY-MM-DD
 * @throws GraphQLError BAD_USER_INPUT when there is no such day
 */
export function dayOf(text: string, argument: string): string {
  const parsed = calendarDate.safeParse(text);
  if (parsed.success) return parsed.data;
  throw badUserInput(
    {
      vi: `«${argument}» không phải ngày có thật. Viết YYYY-MM-DD, ví dụ 2022-04-18.`,
      en: `"${argument}" is not a day that exists. Write YYYY-MM-DD, e.g. 2022-04-18.`,
    },
    argument,
  );
}
