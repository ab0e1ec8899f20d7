import type { ApolloServerPlugin } from '@apollo/server';
import { defaultFieldResolver, Kind, type GraphQLResolveInfo, type GraphQLSchema } from 'graphql';
import { asOfIn, type Standpoint } from '../arguments.js';
import type { Arrival, CheckpointWatch } from './checkpoint-watch.store.js';
import type { FreshnessStore } from './freshness.store.js';
import { minPositionIn } from './min-position.js';
import { unsettledAt, type Unsettled } from './settled.js';

interface Waited {
  readonly context: string;
  readonly position: number;
  readonly arrival: Arrival;
}

interface Instant {
  readonly asOf: string;
  readonly contexts: readonly Unsettled[];
}

/** What the questions of one operation have waited for, and the instants they were about. */
interface Told {
  readonly positions: Waited[];
  readonly instants: Instant[];
}

interface Arguments extends Standpoint {
  readonly minPosition?: string | null;
}

export interface AnswerFreshness {
  readonly watch: CheckpointWatch;
  readonly freshness: FreshnessStore;
  readonly contexts: readonly string[];
}

/**
 * How a GraphQL server keeps `minPosition` and `asOf`: questions wait for the one, and answers say whether they waited in
 * vain, and whether what was known at an instant may still change.
 */
export function freshnessSupport(given: AnswerFreshness) {
  const told = new WeakMap<object, Told>();
  return {
    transformSchema: (schema: GraphQLSchema) => askInOrder(schema, given, told),
    plugins: [tellFreshness(told)],
  };
}

function askInOrder(
  schema: GraphQLSchema,
  { watch, freshness, contexts }: AnswerFreshness,
  told: WeakMap<object, Told>,
): GraphQLSchema {
  for (const field of Object.values(schema.getQueryType()?.getFields() ?? {})) {
    if (!field.args.some(({ name }) => name === 'minPosition')) continue;
    const answer = field.resolve ?? defaultFieldResolver;
    field.resolve = async (source, args: Arguments, context: object, info) => {
      const { positions, instants } = told.get(context) ?? { positions: [], instants: [] };
      told.set(context, { positions, instants });
      if (typeof args.minPosition === 'string') {
        const wanted = minPositionIn(args.minPosition, contexts);
        positions.push({ ...wanted, arrival: await watch.arrival(wanted) });
      }
      const asOf = asOfIn(args);
      // Before the rows are read: afterwards it would be said of events that came in between.
      if (asOf !== undefined)
        instants.push({ asOf, contexts: unsettledAt(asOf, await freshness.of(context)) });
      else if (asksFor('freshness', info)) await freshness.of(context);
      return answer(source, args, context, info) as unknown;
    };
  }
  return schema;
}

/** Whether the operation asks this of the whole API. */
function asksFor(name: string, { operation, fragments }: GraphQLResolveInfo): boolean {
  const among = ({ selections }: typeof operation.selectionSet): boolean =>
    selections.some((one) => {
      if (one.kind === Kind.FIELD) return one.name.value === name;
      return among(
        one.kind === Kind.INLINE_FRAGMENT ? one.selectionSet : fragments[one.name.value]!.selectionSet,
      );
    });
  return among(operation.selectionSet);
}

/** Says of an operation with `minPosition` or `asOf` what its answer may lack: `extensions.freshness`. */
const tellFreshness = (told: WeakMap<object, Told>): ApolloServerPlugin => ({
  requestDidStart: () =>
    Promise.resolve({
      willSendResponse({ contextValue, response: { body } }) {
        const freshness = freshnessOf(told.get(contextValue) ?? { positions: [], instants: [] });
        if (freshness && body.kind === 'single')
          body.singleResult.extensions = { ...body.singleResult.extensions, freshness };
        return Promise.resolve();
      },
    }),
});

function freshnessOf(told: Told) {
  if (told.positions.length + told.instants.length === 0) return undefined;
  const positions = told.positions.map(({ context, position, arrival }) => ({
    context,
    position,
    stale: arrival !== 'shown',
    ...(arrival !== 'shown' && { why: arrival.toUpperCase() }),
  }));
  // Once for each instant: the questions of an operation are about the same rows.
  const byInstant = new Map(told.instants.map(({ asOf, contexts }) => [asOf, contexts]));
  const instants = [...byInstant].map(([asOf, contexts]) => ({ asOf, stale: contexts.length > 0, contexts }));
  return {
    stale: [...positions, ...instants].some(({ stale }) => stale),
    ...(positions.length > 0 && { positions }),
    ...(instants.length > 0 && { instants }),
  };
}
