import type { ApolloServerPlugin } from '@apollo/server';
import { pageSize } from '@loa/graphql';
import type { Metrics } from '@loa/observability';
import { Kind, type DocumentNode, type GraphQLSchema, type OperationDefinitionNode } from 'graphql';
import { getComplexity, simpleEstimator, type ComplexityEstimator } from 'graphql-query-complexity';

/**
 * Times GraphQL operations, weighs them, and counts the codes of their errors. An operation goes by its root field, which comes from
 * our schema: the name that a client gave it could be anything.
 */
export function operationTimes(metrics: Metrics): ApolloServerPlugin {
  const durations = metrics.histogram('graphql_operation_duration_seconds');
  const costs = metrics.histogram('graphql_operation_cost');
  const errors = metrics.counter('graphql_errors_total');
  return {
    requestDidStart: () => {
      const begun = performance.now();
      let operation = 'not carried out';
      return Promise.resolve({
        // Called for operations that are valid, so every field of theirs is one of the schema.
        didResolveOperation({ operation: node, document, schema, request }) {
          if (!node) return Promise.resolve();
          operation = rootOf(node);
          const cost = costOf({ schema, document, node, variables: request.variables ?? {} });
          if (cost !== undefined) costs.observe({ operation }, cost);
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

interface Weighed {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly node: OperationDefinitionNode;
  readonly variables: Record<string, unknown>;
}

/** So many values the answer can hold at most; nothing for variables that will be refused when it is carried out. */
export function costOf({ schema, document, node, variables }: Weighed): number | undefined {
  const operationName = node.name?.value;
  try {
    return getComplexity({
      schema,
      query: document,
      variables,
      ...(operationName !== undefined && { operationName }),
      estimators: [fullPages, simpleEstimator({ defaultComplexity: 1 })],
    });
  } catch {
    return undefined;
  }
}

/** Whatever is asked of a list in pages is asked of every entry of the page. */
const fullPages: ComplexityEstimator = ({ field, args, childComplexity }) =>
  field.args.some(({ name }) => name === 'first')
    ? 1 + pageSize(args['first'] as number | null | undefined) * childComplexity
    : undefined;
