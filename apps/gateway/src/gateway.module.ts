import { Module, type DynamicModule } from '@nestjs/common';
import { GraphQLModule } from '@nestjs/graphql';
import { monitoring } from '@loa/contracts-monitoring';
import { planning } from '@loa/contracts-planning';
import { reporting } from '@loa/contracts-reporting';
import type { FileStore } from '@loa/files';
import type { CommandSender, ContextContract } from '@loa/graphql';
import { HealthController, HealthReport } from '@loa/service';
import type pg from 'pg';
import type { Logger } from 'pino';
import { COMMANDS, CommandsModule, type Commands } from './commands/commands.module.js';
import { ExplorerModule, type ExplorerQuery } from './explorer/explorer.module.js';
import { FilesModule } from './files/files.module.js';
import { EdgeApolloDriver } from './graphql/edge-apollo.driver.js';
import { graphqlOptions } from './graphql/graphql.options.js';
import { ReadModelsModule } from './read-models/read-models.module.js';
import { readModelSdl } from './read-models/read-models.js';

export const contexts: readonly ContextContract[] = [planning, reporting, monitoring];

export interface GatewayOptions {
  /** To the read database, as its runtime role; questions only read. */
  readonly readPool: pg.Pool;
  readonly sender: CommandSender;
  readonly files: FileStore;
  readonly log: Logger;
  readonly now: () => Date;
  /** Ready-made queries; the explorer is served when they are given. */
  readonly explorer?: readonly ExplorerQuery[];
  readonly introspection: boolean;
}

/** One door for mutations, one read database for queries, files, and for people an explorer. */
@Module({})
export class GatewayModule {
  static forRoot(options: GatewayOptions): DynamicModule {
    const { readPool, sender, files, log, now, explorer, introspection } = options;
    const commands = CommandsModule.forRoot({ contexts, sender });
    const onIncident = (error: unknown, incident: string) =>
      log.error({ err: error, incident }, 'a request failed');
    return {
      module: GatewayModule,
      imports: [
        ReadModelsModule.forRoot({ readPool, now }),
        FilesModule.forRoot({ store: files }),
        ...(explorer ? [ExplorerModule.forRoot({ queries: explorer })] : []),
        GraphQLModule.forRootAsync({
          imports: [commands],
          inject: [COMMANDS],
          driver: EdgeApolloDriver,
          useFactory: ({ typeDefs, resolvers }: Commands) =>
            graphqlOptions({
              typeDefs: [...readModelSdl, typeDefs],
              resolvers: [resolvers],
              introspection,
              onIncident,
            }),
        }),
      ],
      controllers: [HealthController],
      providers: [
        {
          provide: HealthReport,
          useValue: new HealthReport(() => readPool.query('SELECT 1 FROM read.checkpoint LIMIT 1')),
        },
      ],
    };
  }
}
