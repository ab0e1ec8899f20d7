import { openPool } from '@loa/database';
import { EventStore } from '@loa/event-store';
import { FileStore } from '@loa/files';
import {
  createGateway,
  openQuestions,
  OPERATIONS_SCHEMA,
  readProjector,
  readSchema,
  type GatewayOptions,
} from '@loa/gateway';
import type { CommandSender } from '@loa/graphql';
import { monitoringContext } from '@loa/monitoring';
import { planningContext } from '@loa/planning';
import { reportingContext } from '@loa/reporting';
import { LocalPostgres } from '@loa/local-postgres';
import { Metrics, watchProjector, watchRebuild } from '@loa/observability';
import { noticeWords, runProjector, type ParkedEvents } from '@loa/projections';
import { Sealer } from '@loa/seals';
import {
  CommandDispatcher,
  ContextModule,
  logSurvived,
  NestLog,
  parkedBy,
  type ContextDefinition,
} from '@loa/service';
import { LogTransport } from '@loa/transport';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pino, type Logger } from 'pino';
import { openDatabases } from './databases.js';
import { takeHome } from './home.js';
import { InProcessSender } from './in-process.sender.js';
import type { Settings } from './settings.js';
import { operatorToken } from './operator-token.js';
import { storyQueries } from './story-queries.js';

export interface RunningStandalone {
  /** Of the gateway, without a path. */
  readonly url: string;
  readonly sender: CommandSender;
  /** What each context has recorded so far. */
  heads(): Promise<readonly number[]>;
  /** How far the read models have come, summed over the contexts. */
  projected(): Promise<number>;
  stop(): Promise<void>;
}

type Closing = (() => Promise<void>)[];

/** Closes in the order opposite to opening; one that fails does not keep the others open. */
async function closeAll(closing: Closing, log: Logger): Promise<void> {
  for (const close of closing.splice(0).reverse()) {
    await close().catch((error: unknown) => log.error({ err: error }, 'closing failed'));
  }
}

/** Everything in this process: three contexts, the gateway with its projector, and a PostgreSQL of our own. */
export async function startStandalone(settings: Settings): Promise<RunningStandalone> {
  const log = pino({ name: 'loa', level: settings.logLevel });
  const closing: Closing = [];
  try {
    if (settings.fresh) await startOver(settings.home);
    closing.push(await takeHome(settings.home));
    return await open(settings, log, closing);
  } catch (error) {
    await closeAll(closing, log);
    throw error;
  }
}

async function startOver(home: string): Promise<void> {
  const giveBack = await takeHome(home);
  await giveBack();
  await LocalPostgres.discard(join(home, 'postgres'));
  await rm(home, { recursive: true, force: true });
}

async function open(settings: Settings, log: Logger, closing: Closing): Promise<RunningStandalone> {
  const files = new FileStore({ folder: join(settings.home, 'files') });
  const reporting = reportingContext(files);
  const definitions = [planningContext, reporting, monitoringContext];
  const { postgres, urls } = await openDatabases(settings.home, {
    ...Object.fromEntries(definitions.map(({ name, schema }) => [`loa_${name}`, schema])),
    loa_read: readSchema,
  } as Record<string, typeof readSchema>);
  closing.push(() => postgres.close());
  const stores = Object.fromEntries(
    definitions.map(({ name }) => [
      name,
      new EventStore(openPool({ connectionString: urls[`loa_${name}`]!, applicationName: `loa-${name}` })),
    ]),
  );
  const transport = new LogTransport(stores, (error, where) => logSurvived(log, error, where));
  const metrics = new Metrics();
  const shared = { stores, transport, log, metrics };
  const contexts = await startContexts(definitions, shared, closing);
  const { pool: operations, projector } = await startProjector(urls['loa_read']!, shared, closing);
  const sender = new InProcessSender(
    Object.fromEntries(contexts.map(([name, context]) => [name, context.get(CommandDispatcher)])),
    { onNoAnswer: (error, of) => log.warn({ ...of, err: error }, 'no answer') },
  );
  const knowledge = {
    'reporting-knowledge': deskOf(reporting, stores),
    'monitoring-knowledge': deskOf(monitoringContext, stores),
  };
  const behind = { urls, sender, files, operations, knowledge };
  const gateway = await startGateway(settings, behind, shared, closing);
  return {
    url: (await gateway.getUrl()).replace('[::1]', 'localhost'),
    sender,
    heads: () => Promise.all(Object.values(stores).map((store) => store.head())),
    projected: async () => (await projector.checkpoints()).reduce((sum, { position }) => sum + position, 0),
    stop: () => closeAll(closing, log),
  };
}

/** What a context has parked of others: its database is at hand here. */
function deskOf({ name, knowledge }: ContextDefinition, stores: Shared['stores']): ParkedEvents {
  if (!knowledge) throw new Error(`${name} keeps nothing of other contexts`);
  return parkedBy(name, knowledge, stores[name]!.pool);
}

/** What the parts of this process have in common. */
interface Shared {
  readonly stores: Readonly<Record<string, EventStore>>;
  readonly transport: LogTransport;
  readonly log: Logger;
  readonly metrics: Metrics;
}

async function startProjector(
  connectionString: string,
  { transport, log, metrics }: Shared,
  closing: Closing,
) {
  const pool = openPool({ connectionString, applicationName: 'loa-read' });
  closing.push(() => pool.end());
  const projector = readProjector(pool, (notice) => log.error(notice, noticeWords(notice)));
  const subscription = await runProjector(transport, projector, (error) =>
    logSurvived(log, error, { subscriber: projector.name }),
  );
  closing.push(() => subscription.close());
  watchProjector(metrics, projector, subscription);
  watchRebuild(metrics, projector, pool, OPERATIONS_SCHEMA);
  return { pool, projector };
}

interface Behind extends Pick<GatewayOptions, 'sender' | 'files' | 'operations' | 'knowledge'> {
  readonly urls: Readonly<Record<string, string>>;
}

async function startGateway(
  { home, host, port }: Settings,
  { urls, ...behind }: Behind,
  { log, metrics }: Shared,
  closing: Closing,
): ReturnType<typeof createGateway> {
  const questions = openQuestions({ connectionString: urls['loa_read']!, applicationName: 'loa-gateway' });
  closing.push(() => questions.end());
  const gateway = await createGateway({
    ...behind,
    questions,
    log,
    now: () => new Date(),
    explorer: storyQueries,
    introspection: true,
    // The logs are read directly here, each as one partition.
    partitions: 1,
    operatorToken: await operatorToken(home),
    metrics,
  });
  closing.push(() => gateway.close());
  await gateway.listen(port, host);
  return gateway;
}

async function startContexts(
  definitions: readonly ContextDefinition[],
  { stores, transport, log, metrics }: Shared,
  closing: Closing,
): Promise<[name: string, INestApplicationContext][]> {
  const started: [string, INestApplicationContext][] = [];
  for (const definition of definitions) {
    const { name } = definition;
    const store = stores[name]!;
    const sealer = Sealer.start({ store, onError: (error) => logSurvived(log, error, { source: name }) });
    const runtime = { store, transport, companions: [sealer], now: () => new Date(), metrics };
    const context = await NestFactory.createApplicationContext(ContextModule.forRoot(definition, runtime), {
      logger: new NestLog(log),
    });
    closing.push(() => context.close());
    started.push([name, context]);
  }
  return started;
}
