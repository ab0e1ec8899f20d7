import type { Localized } from '@loa/event-sourcing';
import { GraphQLError } from 'graphql';

/** Codes of top-level errors. They are stable: clients decide by them. */
export type EdgeCode =
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | 'NOT_FOUND'
  | 'BAD_REQUEST'
  | 'BAD_USER_INPUT'
  | 'GRAPHQL_PARSE_FAILED'
  | 'GRAPHQL_VALIDATION_FAILED'
  | 'QUERY_TOO_COMPLEX'
  | 'PAYLOAD_TOO_LARGE'
  | 'TIMEOUT'
  | 'COMMAND_REFUSED'
  | 'DEPENDENCY_UNAVAILABLE'
  | 'INTERNAL_SERVER_ERROR';

/**
 * An error for `errors` of a GraphQL answer, with words for people in both languages.
 * Expected refusals of a command are not errors: they are typed results.
 * @param more further facts for the client, e.g. `retryable` or `argument`
 */
export function edgeError(
  code: EdgeCode,
  messages: Localized,
  more: Readonly<Record<string, unknown>> = {},
): GraphQLError {
  return new GraphQLError(messages.en, { extensions: { ...more, code, messages } });
}

/** The client sent something that no answer can be given to. */
export const badUserInput = (messages: Localized, argument: string): GraphQLError =>
  edgeError('BAD_USER_INPUT', messages, { argument });
