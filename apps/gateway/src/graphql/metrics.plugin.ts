import type { ApolloServerPlugin } from '@apollo/server';
import type { Metrics } from '@loa/observability';
import { Kind, type OperationDefinitionNode } from 'graphql';

/**
 * Times GraphQL operations and counts the codes of their errors. An operation goes by its root field, which comes from
 * our schema: the name that a client gave it could be anything.
 */
export function operationTimes(metrics: Metrics): ApolloServerPlugin {
  const durations = metrics.histogram('graphql_operation_duration_seconds');
  const errors = metrics.counter('graphql_errors_total');
  return {
    requestDidStart: () => {
      const begun = performance.now();
      let operation = 'not carried out';
      return Promise.resolve({
        // Called for operations that are valid, so every field of theirs is one of the schema.
        didResolveOperation({ operation: node }) {
          if (node) operation = rootOf(node);
          return Promise.resolve();
        },
        willSendResponse({ response }) {
          const { body } = response;
          const raised = body.kind === 'single' ? (body.singleResult.errors ?? []) : [];
          const outcome = raised.length === 0 ? 'ok' : 'error';
          durations.observe({ operation, outcome }, (performance.now() - begun) / 1_000);
          for (const { extensions } of raised) errors.inc({ code: String(extensions?.['code']) });
          return Promise.resolve();
        },
      });
    },
  };
}

/** e.g. `query plans`; `query …` when it asks for several things, or through a fragment. */
export function rootOf({ operation, selectionSet }: OperationDefinitionNode): string {
  const [first, ...others] = selectionSet.selections;
  return first?.kind === Kind.FIELD && others.length === 0
    ? `${operation} ${first.name.value}`
    : `${operation} …`;
}
