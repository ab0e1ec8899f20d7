import type { ApolloServerPlugin } from '@apollo/server';
import { takesStatus } from './response-media-type.js';

/** A well-formed request whose document was not carried out. Not BAD_REQUEST: there the request itself is at fault. */
const notExecuted: ReadonlySet<unknown> = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_USER_INPUT',
]);

/**
 * The GraphQL over HTTP specification wants status 200 for these when the client does not accept
 * `application/graphql-response+json`: under the old media type a 4xx may come from a proxy and means nothing.
 */
export const legacyStatus: ApolloServerPlugin = {
  requestDidStart: () =>
    Promise.resolve({
      willSendResponse({ request, response }) {
        const { body, http } = response;
        if (body.kind !== 'single' || takesStatus(request.http?.headers.get('accept'))) {
          return Promise.resolve();
        }
        const { errors = [] } = body.singleResult;
        if (errors.length > 0 && errors.every(({ extensions }) => notExecuted.has(extensions?.['code']))) {
          http.status = 200;
        }
        return Promise.resolve();
      },
    }),
};
