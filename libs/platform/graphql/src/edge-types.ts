import { GraphQLError, GraphQLScalarType } from 'graphql';

/** What every part of the schema stands on. Query and Mutation are filled by `extend type`. */
export const edgeTypeDefs = `
"""
A calendar day, YYYY-MM-DD; it has no time zone.
"""
scalar Date

"""
An instant, RFC 3339, e.g. 2022-04-18T08:00:00+07:00. Answers are in UTC with milliseconds.
"""
scalar DateTime

"""
A place in the event log of one context: 1, 2, 3… A JSON number of up to 53 bits.
"""
scalar Position

"""
The languages that messages are written in.
"""
enum Lang {
  """
  Tiếng Việt
  """
  VI
  """
  English
  """
  EN
}

type Query

type Mutation
`;

// On the way in, Date and DateTime take any text: whether the day or the instant exists is judged by the contract
// at the command door, so that a person gets the typed, localized refusal `invalid-input` with the path of the
// field rather than a transport error. An argument of a query is judged by `instantOf` and `dayOf`.
function anyText(scalar: string) {
  return (value: unknown): string => {
    if (typeof value === 'string') return value;
    throw new GraphQLError(`${scalar} must be a string, found: ${JSON.stringify(value)}`);
  };
}

const DateScalar = new GraphQLScalarType<string, string>({
  name: 'Date',
  parseValue: anyText('Date'),
  serialize(value) {
    if (typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value)) return value;
    // A JavaScript Date has a zone and would move the day: that is a mistake of ours.
    throw new TypeError(`a Date of an answer must be text such as 2022-04-18, not ${String(value)}`);
  },
});

const DateTimeScalar = new GraphQLScalarType<string, string>({
  name: 'DateTime',
  parseValue: anyText('DateTime'),
  serialize(value) {
    const instant = value instanceof Date ? value : new Date(typeof value === 'string' ? value : Number.NaN);
    if (!Number.isNaN(instant.getTime())) return instant.toISOString();
    throw new TypeError(`a DateTime of an answer must be a Date or RFC 3339 text, not ${String(value)}`);
  },
});

function wholeNumber(value: unknown): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  throw new GraphQLError(`Position must be a whole number from 0, found: ${JSON.stringify(value)}`);
}

const PositionScalar = new GraphQLScalarType<number, number>({
  name: 'Position',
  parseValue: wholeNumber,
  // PostgreSQL hands a bigint over as text.
  serialize: (value) => wholeNumber(typeof value === 'string' ? Number(value) : value),
});

/** Resolvers for {@link edgeTypeDefs}. In the program a language is `vi` or `en`, the keys of a localized message. */
export const edgeResolvers = {
  Date: DateScalar,
  DateTime: DateTimeScalar,
  Position: PositionScalar,
  Lang: { VI: 'vi', EN: 'en' },
};
