import type { ApolloServerPlugin } from '@apollo/server';
import type { ApolloDriverConfig } from '@nestjs/apollo';
import { edgeResolvers, edgeTypeDefs } from '@loa/graphql';
import { randomUUID } from 'node:crypto';
import { clientError } from './client-error.js';
import { EdgeApolloDriver, type EdgeDriverConfig } from './edge-apollo.driver.js';
import { legacyStatus } from './legacy-status.plugin.js';
import { limitRules, queryLimits, type QueryLimits } from './limits.js';
import { unavailableStatus } from './unavailable-status.plugin.js';

export interface GraphqlOptions {
  /** SDL of the parts; they stand on `edgeTypeDefs`, which is added here. */
  readonly typeDefs: readonly string[];
  /** Resolvers besides the `@Query()` classes that Nest finds by itself, e.g. those of the commands. */
  readonly resolvers?: readonly object[];
  /** The last hand on the schema, once it has its resolvers. */
  readonly transformSchema?: NonNullable<ApolloDriverConfig['transformSchema']>;
  readonly plugins?: readonly ApolloServerPlugin[];
  /** Whether clients may read the schema from the server. */
  readonly introspection: boolean;
  /** `/graphql` when left out. */
  readonly path?: string;
  readonly limits?: Partial<QueryLimits>;
  /** In bytes; 256 KB when left out. */
  readonly bodyLimit?: number;
  /** Gets every error that a client only sees as an incident. */
  readonly onIncident: (error: unknown, incident: string) => void;
}

const KB = 1024;

/** The GraphQL server of the gateway, for `GraphQLModule.forRoot` or `forRootAsync`. */
export function graphqlOptions(options: GraphqlOptions): EdgeDriverConfig {
  const limits = { ...queryLimits, ...options.limits };
  const { introspection, onIncident } = options;
  return {
    driver: EdgeApolloDriver,
    path: options.path ?? '/graphql',
    typeDefs: [edgeTypeDefs, ...options.typeDefs].join('\n\n'),
    resolvers: [edgeResolvers, ...(options.resolvers ?? [])] as NonNullable<ApolloDriverConfig['resolvers']>,
    ...(options.transformSchema && { transformSchema: options.transformSchema }),
    graphiql: false,
    introspection,
    hideSchemaDetailsFromClientErrors: !introspection,
    includeStacktraceInErrorResponses: false,
    csrfPrevention: true,
    allowBatchedHttpRequests: false,
    persistedQueries: false,
    parseOptions: { maxTokens: limits.tokens },
    maxRecursiveSelections: limits.selections,
    validationRules: [...limitRules(limits)],
    plugins: [legacyStatus, unavailableStatus, ...(options.plugins ?? [])],
    formatError(formatted, error) {
      const { error: told, incident } = clientError(formatted, limits, randomUUID());
      if (incident !== undefined) onIncident(error, incident);
      return told;
    },
    bodyLimit: options.bodyLimit ?? 256 * KB,
    limits,
    newIncident: randomUUID,
    onIncident,
  };
}
