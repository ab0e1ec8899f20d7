import type { ApolloServerPlugin } from '@apollo/server';
import { defaultFieldResolver, type GraphQLSchema } from 'graphql';
import type { Arrival, CheckpointWatch } from './checkpoint-watch.store.js';
import { minPositionIn } from './min-position.js';

interface Waited {
  readonly context: string;
  readonly position: number;
  readonly arrival: Arrival;
}

/** What the operations under way have waited for, by their GraphQL context. */
type WaitedFor = WeakMap<object, readonly Waited[]>;

/** How a GraphQL server keeps `minPosition`: its questions wait, and its answers say whether they waited in vain. */
export function minPositionSupport(watch: CheckpointWatch, contexts: readonly string[]) {
  const waited: WaitedFor = new WeakMap();
  return {
    transformSchema: (schema: GraphQLSchema) => waitForMinPosition(schema, watch, contexts, waited),
    plugins: [tellFreshness(waited)],
  };
}

function waitForMinPosition(
  schema: GraphQLSchema,
  watch: CheckpointWatch,
  contexts: readonly string[],
  waited: WaitedFor,
): GraphQLSchema {
  for (const field of Object.values(schema.getQueryType()?.getFields() ?? {})) {
    if (!field.args.some(({ name }) => name === 'minPosition')) continue;
    const answer = field.resolve ?? defaultFieldResolver;
    field.resolve = async (source, args: { minPosition?: string | null }, context: object, info) => {
      if (typeof args.minPosition === 'string') {
        const wanted = minPositionIn(args.minPosition, contexts);
        const arrival = await watch.arrival(wanted);
        waited.set(context, [...(waited.get(context) ?? []), { ...wanted, arrival }]);
      }
      return answer(source, args, context, info) as unknown;
    };
  }
  return schema;
}

/** Says of an operation that asked for positions whether its answer shows them: `extensions.freshness`. */
const tellFreshness = (waited: WaitedFor): ApolloServerPlugin => ({
  requestDidStart: () =>
    Promise.resolve({
      willSendResponse({ contextValue, response: { body } }) {
        const list = waited.get(contextValue);
        if (list && body.kind === 'single') {
          const positions = list.map(({ context, position, arrival }) => ({
            context,
            position,
            stale: arrival !== 'shown',
            ...(arrival !== 'shown' && { why: arrival.toUpperCase() }),
          }));
          const freshness = { stale: positions.some(({ stale }) => stale), positions };
          body.singleResult.extensions = { ...body.singleResult.extensions, freshness };
        }
        return Promise.resolve();
      },
    }),
});
