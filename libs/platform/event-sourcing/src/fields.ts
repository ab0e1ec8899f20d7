import { z } from 'zod';

// Control characters have no place in a line of text: PostgreSQL cannot keep U+0000, and the rest only break screens.
// eslint-disable-next-line no-control-regex
const printable = /^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]*$/u;

const EXAMPLES = 'e.g. ';

/**
 * What a text of a certain form looks like: the `error` of its `regex`. Whoever is refused for the form sees them.
 * @param examples texts that have the form
 */
export const like = (...examples: readonly [string, ...string[]]) => ({
  error: EXAMPLES + examples.join(', '),
});

/** The examples in the message of an issue; none when it was not made by {@link like}. */
export const examplesIn = (message: string): string | undefined =>
  message.startsWith(EXAMPLES) ? message.slice(EXAMPLES.length) : undefined;

/** Text of 1 to `max` characters that is more than white space. */
export const text = (max: number) =>
  z.string().trim().min(1).max(max).regex(printable, { error: 'control-character' });

/** The opaque id of a thing: a UUID, lower case. */
export const id = (name: string, meaning: string) =>
  z.uuid().toLowerCase().meta({ id: name, description: meaning });

/** A day that exists, `YYYY-MM-DD`; it has no zone of its own. */
export const calendarDate = z.iso.date().meta({ id: 'Date', description: 'A calendar day, YYYY-MM-DD.' });

/** An instant, RFC 3339 with an offset; kept in UTC with milliseconds. */
export const instant = z.iso
  .datetime({ offset: true })
  .meta({
    id: 'DateTime',
    description: 'An instant, RFC 3339 with an offset, e.g. 2022-04-18T08:00:00+07:00.',
  })
  // What is no instant has been refused above; here it must only not throw.
  .overwrite((value) => (Number.isNaN(Date.parse(value)) ? value : new Date(value).toISOString()));

/** An http(s) address. */
export const webAddress = z
  .url({ protocol: /^https?$/, hostname: z.regexes.domain })
  .max(2000)
  .meta({ id: 'WebAddress', description: 'An http or https address.' });

/** A whole number of things, 0 to `max`. */
export const count = (max: number) => z.int().min(0).max(max);
