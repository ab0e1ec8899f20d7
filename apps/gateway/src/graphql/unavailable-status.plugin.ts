import type { ApolloServerPlugin } from '@apollo/server';
import type { FormattedExecutionResult } from 'graphql';
import { takesStatus } from './response-media-type.js';

const RETRY_AFTER_S = 1;

/**
 * A question that gets nothing because what it needs is away, or asked too much, is answered with status 503 and
 * `Retry-After`, so that whatever stands between can tell. Questions change nothing, so it is as if it had not been
 * carried out: then an answer has no `data`, and the GraphQL over HTTP specification wants such a status. It wants 200
 * for part of an answer, and for all under the old media type. Of a command nobody knows whether it was carried out: 200.
 */
export const unavailableStatus: ApolloServerPlugin = {
  requestDidStart: () =>
    Promise.resolve({
      willSendResponse({ operation, request, response: { body, http } }) {
        const isQuestion =
          operation?.operation === 'query' && takesStatus(request.http?.headers.get('accept'));
        if (isQuestion && body.kind === 'single' && gotNothing(body.singleResult)) {
          delete body.singleResult.data;
          http.status = 503;
          http.headers.set('retry-after', String(RETRY_AFTER_S));
        }
        return Promise.resolve();
      },
    }),
};

/** That a field is null is an answer, too, unless an error says why. */
function gotNothing({ data, errors = [] }: FormattedExecutionResult): boolean {
  const failed = new Set(errors.map(({ path }) => path?.[0]));
  return (
    errors.length > 0 &&
    errors.every(({ extensions }) => mayPass(extensions ?? {})) &&
    Object.entries(data ?? {}).every(([field, value]) => value === null && failed.has(field))
  );
}

const mayPass = ({ code, retryable }: Readonly<Record<string, unknown>>): boolean =>
  code === 'DEPENDENCY_UNAVAILABLE' && retryable === true;
