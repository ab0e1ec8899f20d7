import { isTransient, migrate, openPool } from '@loa/database';
import { EventStore } from '@loa/event-store';
import { KafkaTransport, Relay, type KafkaAddress } from '@loa/transport';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { pino, type Logger } from 'pino';
import type { z } from 'zod';
import { BadConfiguration, MigrationSettings, readConfiguration, ServiceSettings } from './configuration.js';
import type { ContextDefinition } from './context.js';
import { ContextModule } from './context.module.js';
import { NestLog } from './nest-log.js';
import { ProblemFilter } from './problem.filter.js';

/** Bodies over this are refused before they are read: no command is that long. Files go another way. */
export const BODY_LIMIT = 256 * 1024;

export interface Service<Settings extends z.ZodObject> {
  readonly name: string;
  /** Settings of this service besides those of every service. */
  readonly settings: Settings;
  define(settings: z.output<Settings>): ContextDefinition;
}

/** `main.js` serves, `main.js migrate` brings the database to the schema of this build. Ends the process when it cannot. */
export async function runService<Settings extends z.ZodObject>(service: Service<Settings>): Promise<void> {
  try {
    if (process.argv[2] === 'migrate') await migrateService(service);
    else await serve(service);
  } catch (error) {
    // Settings are for people; anything else is for whoever reads the trace.
    console.error(error instanceof BadConfiguration ? error.message : error);
    process.exit(1);
  }
}

async function migrateService<S extends z.ZodObject>({ name, settings, define }: Service<S>): Promise<void> {
  const { LOA_OWNER_DATABASE_URL } = readConfiguration(MigrationSettings);
  const { schema } = define(readConfiguration(settings));
  const done = await migrate(LOA_OWNER_DATABASE_URL, schema);
  console.log(`${name}: ${done.length === 0 ? 'the schema is up to date' : `migrated: ${done.join(', ')}`}`);
}

async function serve<S extends z.ZodObject>({ name, settings, define }: Service<S>): Promise<void> {
  const common = readConfiguration(ServiceSettings);
  const definition = define(readConfiguration(settings));
  const log = pino({ name, level: common.LOG_LEVEL });
  const { LOA_DATABASE_URL: connectionString } = common;
  const store = new EventStore(openPool({ connectionString, applicationName: `loa-${name}` }));
  const { transport, relay } = carriers(name, common, store, log);
  const companions = [relay];
  const runtime = { store, transport, companions, now: () => new Date() };
  const app = await NestFactory.create<NestFastifyApplication>(
    ContextModule.forRoot(definition, runtime),
    new FastifyAdapter({ bodyLimit: BODY_LIMIT, forceCloseConnections: 'idle' }),
    { logger: new NestLog(log) },
  );
  app.useGlobalFilters(new ProblemFilter(log));
  app.enableShutdownHooks();
  await app.listen(common.LOA_HTTP_PORT, common.LOA_HTTP_HOST);
  log.info({ url: await app.getUrl() }, 'ready for commands');
}

function carriers(name: string, settings: z.output<typeof ServiceSettings>, store: EventStore, log: Logger) {
  const kafka: KafkaAddress = {
    brokers: settings.KAFKA_BROKERS,
    clientId: `loa-${name}`,
    pace: settings.LOA_KAFKA_PACE,
  };
  const topicOf = (source: string) => `${settings.LOA_KAFKA_PREFIX}.${source}.events`;
  const onError = (error: unknown, where: object) => logSurvived(log, error, where);
  return {
    transport: new KafkaTransport({ kafka, topicOf, onError }),
    relay: Relay.start({
      source: name,
      store,
      connectionString: settings.LOA_DATABASE_URL,
      kafka,
      topic: topicOf(name),
      onError,
    }),
  };
}

/** What a reader or a relay survives: a warning when it will pass by itself, an error when somebody must look. */
export function logSurvived(log: Logger, error: unknown, where: object): void {
  if (isTransient(error))
    log.warn(
      { ...where, reason: error instanceof Error ? error.message : String(error) },
      'away, trying again',
    );
  else log.error({ ...where, err: error }, 'failed, trying again');
}
