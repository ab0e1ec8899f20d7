import { isTransient, migrate, missingMigrations, openPool, type Schema } from '@loa/database';
import { EventStore } from '@loa/event-store';
import { Metrics, publishTimes, serveMetrics, watchRelay } from '@loa/observability';
import { Sealer } from '@loa/seals';
import { eventsTopic, KafkaTransport, Relay, type KafkaAddress } from '@loa/transport';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { pino, type Logger } from 'pino';
import type { z } from 'zod';
import {
  BadConfiguration,
  MigrationSettings,
  OperatorSettings,
  readConfiguration,
  ServiceSettings,
} from './configuration.js';
import type { ContextDefinition } from './context.js';
import { ContextModule } from './context.module.js';
import { NestLog } from './nest-log.js';
import { ProblemFilter } from './problem.filter.js';
import { endsCleanly, endsConnections } from './shutdown.js';

/** Bodies over this are refused before they are read: no command is that long. Files go another way. */
export const BODY_LIMIT = 256 * 1024;

export interface Service<Settings extends z.ZodObject> {
  readonly name: string;
  /** Settings of this service besides those of every service. */
  readonly settings: Settings;
  define(settings: z.output<Settings>): ContextDefinition;
}

/** Runs a process; what keeps it from starting is told on standard error and ends it with 1. */
export async function runProcess(start: () => Promise<void>): Promise<void> {
  try {
    await start();
  } catch (error) {
    // Settings are for people; anything else is for whoever reads the trace.
    console.error(error instanceof BadConfiguration ? error.message : error);
    process.exit(1);
  }
}

/** The migration command of a process, as the owner of its database. */
export async function runMigration(name: string, schema: Schema): Promise<void> {
  const { LOA_OWNER_DATABASE_URL } = readConfiguration(MigrationSettings);
  const done = await migrate(LOA_OWNER_DATABASE_URL, schema);
  console.log(`${name}: ${done.length === 0 ? 'the schema is up to date' : `migrated: ${done.join(', ')}`}`);
}

/**
 * Keeps a process from starting on a database of another release: what it would do there nobody has tried. A database
 * that does not answer is no reason: then the process waits for it, and says that it is not ready.
 * @throws BadConfiguration naming what is missing, and what to run
 */
export async function requireSchema(name: string, pool: EventStore['pool'], schema: Schema): Promise<void> {
  const missing = await missingMigrations(pool, schema).catch((error: unknown) => {
    if (isTransient(error)) return [];
    throw error;
  });
  if (missing.length === 0) return;
  throw new BadConfiguration(
    `the database of ${name} lacks migrations of this build: ${missing.join(', ')}. Run "node dist/main.js migrate" ` +
      'with LOA_OWNER_DATABASE_URL of its owner first, then start this again',
  );
}

/** `main.js` serves, `main.js migrate` brings the database to the schema of this build. */
export function runService<Settings extends z.ZodObject>(service: Service<Settings>): Promise<void> {
  return runProcess(async () => {
    const definition = service.define(readConfiguration(service.settings));
    if (process.argv[2] === 'migrate') await runMigration(service.name, definition.schema);
    else await serve(service.name, definition);
  });
}

async function serve(name: string, definition: ContextDefinition): Promise<void> {
  const settings = readConfiguration(ServiceSettings);
  const operators = definition.knowledge && readConfiguration(OperatorSettings);
  const log = pino({ name, level: settings.LOG_LEVEL });
  const { LOA_DATABASE_URL: connectionString } = settings;
  const store = new EventStore(openPool({ connectionString, applicationName: `loa-${name}` }));
  await requireSchema(name, store.pool, definition.schema);
  const transport = kafkaTransport(name, settings, log);
  const metrics = new Metrics();
  const topic = eventsTopic(name, settings.LOA_KAFKA_PREFIX);
  const relay = Relay.start({
    source: name,
    store,
    connectionString,
    kafka: kafkaAddress(name, settings),
    topic,
    onError: (error, where) => logSurvived(log, error, where),
    onPublished: publishTimes(metrics),
  });
  watchRelay(metrics, relay, store.pool, topic);
  const sealer = Sealer.start({ store, onError: (error) => logSurvived(log, error, { source: name }) });
  const app = await NestFactory.create<NestFastifyApplication>(
    ContextModule.forRoot(definition, {
      store,
      transport,
      companions: [relay, sealer],
      now: () => new Date(),
      metrics,
      operatorToken: operators?.LOA_OPERATOR_TOKEN,
    }),
    new FastifyAdapter({ bodyLimit: BODY_LIMIT, forceCloseConnections: 'idle' }),
    { logger: new NestLog(log) },
  );
  app.useGlobalFilters(new ProblemFilter(log));
  serveMetrics(app.getHttpAdapter().getInstance(), metrics);
  endsConnections(app);
  endsCleanly(app);
  await app.listen(settings.LOA_HTTP_PORT, settings.LOA_HTTP_HOST);
  log.info({ url: await app.getUrl() }, 'ready for commands');
}

type KafkaSettings = Pick<
  z.output<typeof ServiceSettings>,
  'KAFKA_BROKERS' | 'LOA_KAFKA_PREFIX' | 'LOA_KAFKA_PACE'
>;

const kafkaAddress = (process: string, settings: KafkaSettings): KafkaAddress => ({
  brokers: settings.KAFKA_BROKERS,
  clientId: `loa-${process}`,
  pace: settings.LOA_KAFKA_PACE,
});

/** How a process reads the events of others. */
export const kafkaTransport = (process: string, settings: KafkaSettings, log: Logger): KafkaTransport =>
  new KafkaTransport({
    kafka: kafkaAddress(process, settings),
    topicOf: (source) => eventsTopic(source, settings.LOA_KAFKA_PREFIX),
    onError: (error, where) => logSurvived(log, error, where),
  });

/** What a reader or a relay survives: a warning when it will pass by itself, an error when somebody must look. */
export function logSurvived(log: Logger, error: unknown, where: object): void {
  const kafkaIsAway = error instanceof Error && error.name.startsWith('KafkaJS');
  if (kafkaIsAway || isTransient(error))
    log.warn(
      { ...where, reason: error instanceof Error ? error.message : String(error) },
      'away, trying again',
    );
  else log.error({ ...where, err: error }, 'failed, trying again');
}
