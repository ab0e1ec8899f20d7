import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { GraphQLModule } from '@nestjs/graphql';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { planning } from '@loa/contracts-planning';
import { reporting } from '@loa/contracts-reporting';
import { monitoring } from '@loa/contracts-monitoring';
import { COMMANDS, CommandsModule } from './src/commands/commands.module.ts';
import { HttpCommandSender } from './src/commands/http-command.sender.ts';
import { EdgeApolloDriver } from './src/graphql/edge-apollo.driver.ts';
import { graphqlOptions } from './src/graphql/graphql.options.ts';
import { FilesModule } from './src/files/files.module.ts';
import { ExplorerModule } from './src/explorer/explorer.module.ts';
const commands = CommandsModule.forRoot({ contexts: [planning, reporting, monitoring], sender: new HttpCommandSender({ services: {} }) });
class M {}
Module({ imports: [commands, FilesModule.forRoot({ folder: '/tmp/loa-tiny' }), ExplorerModule.forRoot({ queries: [{ name: 'Chào', query: '{ hello }' }, { name: 'Hai', query: 'query Q($a: Int) { hello }', variables: { a: 1 } }] }),
 GraphQLModule.forRootAsync({ driver: EdgeApolloDriver, imports: [commands], inject: [COMMANDS], useFactory: ({ typeDefs, resolvers }) => graphqlOptions({ typeDefs: [typeDefs, 'extend type Query { hello: String }'], resolvers: [resolvers, { Query: { hello: () => 'marker-' + process.env.MARK } }], introspection: true, onIncident: console.error }) })] })(M);
const app = await NestFactory.create(M, new FastifyAdapter());
await app.listen(0, '127.0.0.1');
console.log('up ' + (await app.getUrl()));
setTimeout(() => process.exit(0), 110_000).unref();
