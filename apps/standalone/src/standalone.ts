import { openPool } from '@loa/database';
import { EventStore } from '@loa/event-store';
import { FileStore } from '@loa/files';
import { createGateway, readProjector, readSchema } from '@loa/gateway';
import type { CommandSender } from '@loa/graphql';
import { monitoringContext } from '@loa/monitoring';
import { planningContext } from '@loa/planning';
import { reportingContext } from '@loa/reporting';
import { placeFor } from '@loa/local-postgres';
import { CommandDispatcher, ContextModule, logSurvived, NestLog, type ContextDefinition } from '@loa/service';
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
  await rm(await placeFor(join(home, 'postgres')), { recursive: true, force: true });
  await rm(home, { recursive: true, force: true });
}

async function open(settings: Settings, log: Logger, closing: Closing): Promise<RunningStandalone> {
  const files = new FileStore({ folder: join(settings.home, 'files') });
  const definitions = [planningContext, reportingContext(files), monitoringContext];
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
  const contexts = await startContexts(definitions, stores, transport, log, closing);
  const readPool = openPool({ connectionString: urls['loa_read']!, applicationName: 'loa-read' });
  closing.push(() => readPool.end());
  const projector = readProjector(readPool);
  const subscription = await transport.subscribe(projector);
  closing.push(() => subscription.close());
  const sender = new InProcessSender(
    Object.fromEntries(contexts.map(([name, context]) => [name, context.get(CommandDispatcher)])),
  );
  const now = () => new Date();
  const gateway = await createGateway({
    readPool,
    sender,
    files,
    log,
    now,
    explorer: storyQueries,
    introspection: true,
  });
  closing.push(() => gateway.close());
  await gateway.listen(settings.port, settings.host);
  return {
    url: (await gateway.getUrl()).replace('[::1]', 'localhost'),
    sender,
    heads: () => Promise.all(Object.values(stores).map((store) => store.head())),
    projected: async () => (await projector.checkpoints()).reduce((sum, { position }) => sum + position, 0),
    stop: () => closeAll(closing, log),
  };
}

async function startContexts(
  definitions: readonly ContextDefinition[],
  stores: Readonly<Record<string, EventStore>>,
  transport: LogTransport,
  log: Logger,
  closing: Closing,
): Promise<[name: string, INestApplicationContext][]> {
  const started: [string, INestApplicationContext][] = [];
  for (const definition of definitions) {
    const { name } = definition;
    const runtime = { store: stores[name]!, transport, companions: [], now: () => new Date() };
    const context = await NestFactory.createApplicationContext(ContextModule.forRoot(definition, runtime), {
      logger: new NestLog(log),
    });
    closing.push(() => context.close());
    started.push([name, context]);
  }
  return started;
}
