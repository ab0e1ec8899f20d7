import { Module, type DynamicModule } from '@nestjs/common';
import { GraphQLModule } from '@nestjs/graphql';
import type { FileStore } from '@loa/files';
import type { CommandSender } from '@loa/graphql';
import type { Metrics } from '@loa/observability';
import { HealthController, HealthReport } from '@loa/service';
import type pg from 'pg';
import type { Logger } from 'pino';
import { COMMANDS, CommandsModule, type Commands } from './commands/commands.module.js';
import { contexts } from './contexts.js';
import { ExplorerModule, type ExplorerQuery } from './explorer/explorer.module.js';
import { FilesModule } from './files/files.module.js';
import { EdgeApolloDriver } from './graphql/edge-apollo.driver.js';
import { graphqlOptions } from './graphql/graphql.options.js';
import { operationTimes } from './graphql/metrics.plugin.js';
import { OperationsModule } from './operations/operations.module.js';
import { driftSdl } from './operations/drift/drift.sdl.js';
import type { KnowledgeDesks } from './operations/parked-desk.js';
import { parkedSdl } from './operations/parked.sdl.js';
import { CheckpointWatch } from './read-models/freshness/checkpoint-watch.store.js';
import { freshnessSupport } from './read-models/freshness/answer-freshness.plugin.js';
import { FreshnessStore } from './read-models/freshness/freshness.store.js';
import { ReadDatabase, READER } from './read-models/read-database.table.js';
import { ReadModelsModule } from './read-models/read-models.module.js';
import { readModelSdl } from './read-models/read-models.js';

export interface GatewayOptions {
  /** For questions, see `openQuestions`. */
  readonly questions: pg.Pool;
  /** The migrations that the read database lacks; left out where they are done before it is opened. */
  readonly missing?: () => Promise<readonly string[]>;
  /** For what operators do. */
  readonly operations: pg.Pool;
  /** Where to ask for what services have parked of others. */
  readonly knowledge: KnowledgeDesks;
  readonly sender: CommandSender;
  readonly files: FileStore;
  readonly log: Logger;
  readonly now: () => Date;
  /** In how many partitions the projector is handed each context: 1 when it tails the logs. */
  readonly partitions: number;
  /** How long a question waits for its `minPosition`, in ms; 1000 when left out. */
  readonly patienceMs?: number;
  /** What operators prove themselves with; undefined: operations are off. */
  readonly operatorToken: string | undefined;
  /** Ready-made queries; the explorer is served when they are given. */
  readonly explorer?: readonly ExplorerQuery[];
  readonly introspection: boolean;
  readonly metrics: Metrics;
}

const PATIENCE_MS = 1_000;

/** What questions are answered from, what lets them wait for it, and what tells how fresh their answers are. */
export function questions({
  questions: pool,
  partitions,
  patienceMs = PATIENCE_MS,
}: Pick<GatewayOptions, 'questions' | 'partitions' | 'patienceMs'>) {
  const database = new ReadDatabase(pool);
  const source = { reader: READER, contexts: contexts.map(({ context }) => context), partitions };
  const watch = new CheckpointWatch(database, { ...source, patienceMs });
  const freshness = new FreshnessStore(database, source);
  const support = freshnessSupport({ watch, freshness, contexts: source.contexts });
  return { database, freshness, support };
}

/** One door for mutations, one read database for queries, files, and for people an explorer. */
@Module({})
export class GatewayModule {
  static forRoot(options: GatewayOptions): DynamicModule {
    const { sender, files, log, now, explorer, introspection, metrics, operatorToken } = options;
    const { database, freshness, support } = questions(options);
    const commands = CommandsModule.forRoot({ contexts, sender });
    const onIncident = (error: unknown, incident: string) =>
      log.error({ err: error, incident }, 'a request failed');
    return {
      module: GatewayModule,
      imports: [
        ReadModelsModule.forRoot({ database, freshness, now }),
        OperationsModule.forRoot({
          pool: options.operations,
          knowledge: options.knowledge,
          database,
          operatorToken,
        }),
        FilesModule.forRoot({ store: files }),
        ...(explorer ? [ExplorerModule.forRoot({ queries: explorer })] : []),
        GraphQLModule.forRootAsync({
          imports: [commands],
          inject: [COMMANDS],
          driver: EdgeApolloDriver,
          useFactory: ({ typeDefs, resolvers }: Commands) =>
            graphqlOptions({
              typeDefs: [...readModelSdl, parkedSdl, driftSdl, typeDefs],
              resolvers: [resolvers],
              introspection,
              onIncident,
              ...support,
              plugins: [...support.plugins, operationTimes(metrics)],
            }),
        }),
      ],
      controllers: [HealthController],
      providers: [
        {
          provide: HealthReport,
          useValue: new HealthReport(
            () => options.questions.query('SELECT 1 FROM read.checkpoint LIMIT 1'),
            options.missing,
          ),
        },
      ],
    };
  }
}
