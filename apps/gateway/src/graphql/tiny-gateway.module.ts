import { Args, GraphQLModule, Query, Resolver } from '@nestjs/graphql';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { ForbiddenException, Module, type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { badUserInput } from '@loa/graphql';
import type { EdgeDriverConfig } from './edge-apollo.driver.js';
import { graphqlOptions, type GraphqlOptions } from './graphql.options.js';

export const typeDefs = `
  extend type Query {
    echo(text: String, at: DateTime): String
    node: Node
    nodes(first: Int): [Node!]!
    broken: String
    forbidden: String
    picky: String
  }
  type Node { name: String!, node: Node }
  extend type Mutation { note(text: String!): Int! }
`;

@Resolver()
class EchoResolver {
  @Query('echo')
  echo(@Args('text') text: string | undefined, @Args('at') at: string | undefined): string {
    return text ?? at ?? 'nothing';
  }

  @Query('node')
  node(): object {
    return { name: 'a', node: { name: 'b', node: null } };
  }

  @Query('nodes')
  nodes(): object[] {
    return [];
  }

  @Query('broken')
  broken(): string {
    throw new Error('password=secret in /var/lib/loa');
  }

  @Query('forbidden')
  forbidden(): string {
    throw new ForbiddenException('not for you');
  }

  @Query('picky')
  picky(): string {
    throw badUserInput({ vi: 'Sửa đi.', en: 'Mend it.' }, 'text');
  }
}

@Module({})
class TinyModule {
  static of(options: GraphqlOptions): DynamicModule {
    return {
      module: TinyModule,
      imports: [GraphQLModule.forRoot<EdgeDriverConfig>(graphqlOptions(options))],
      providers: [EchoResolver],
    };
  }
}

/** For specs: a gateway of one resolver, listening. */
export async function tinyGateway(
  options: Partial<GraphqlOptions> = {},
): Promise<{ app: NestFastifyApplication; url: string; incidents: unknown[] }> {
  const incidents: unknown[] = [];
  const tiny = TinyModule.of({
    typeDefs: [typeDefs],
    resolvers: [{ Mutation: { note: (_: unknown, { text }: { text: string }) => text.length } }],
    introspection: true,
    onIncident: (error, incident) => incidents.push([error, incident]),
    ...options,
  });
  const app = await NestFactory.create<NestFastifyApplication>(tiny, new FastifyAdapter(), { logger: false });
  await app.listen(0, '127.0.0.1');
  return { app, url: `${await app.getUrl()}/graphql`, incidents };
}
