import { openPool } from '@loa/database';
import {
  endsCleanly,
  HealthController,
  HealthReport,
  kafkaTransport,
  logSurvived,
  NestLog,
  readConfiguration,
  requireSchema,
  runProcess,
  untilMigrated,
} from '@loa/service';
import { Metrics, serveMetrics, watchPool, watchProjector, watchRebuild } from '@loa/observability';
import { noticeWords, runProjector } from '@loa/projections';
import { Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { pino } from 'pino';
import { ProjectorSettings } from './config.js';
import { OPERATIONS_SCHEMA } from './read-generations.js';
import { readProjector, readSchema } from './read-side.js';

/** Closes what it is given, in order, once no more requests come in. */
class Closing implements OnApplicationShutdown {
  constructor(private readonly parts: readonly (() => Promise<unknown>)[]) {}

  async onApplicationShutdown(): Promise<void> {
    for (const close of this.parts) await close();
  }
}

@Module({})
class ProjectorModule {
  static forRoot(health: HealthReport, closing: Closing): DynamicModule {
    return {
      module: ProjectorModule,
      controllers: [HealthController],
      providers: [
        { provide: HealthReport, useValue: health },
        { provide: Closing, useValue: closing },
      ],
    };
  }
}

/** The process that writes the read database: one reader of all three contexts, and a port for its health. */
await runProcess(async () => {
  const settings = readConfiguration(ProjectorSettings);
  const log = pino({ name: 'gateway-projector', level: settings.LOG_LEVEL });
  const pool = openPool({
    connectionString: settings.LOA_DATABASE_URL,
    applicationName: 'loa-gateway-projector',
  });
  const transport = kafkaTransport('gateway-projector', settings, log);
  await requireSchema('gateway', pool, readSchema);
  const projector = readProjector(pool, (notice) => log.error(notice, noticeWords(notice)));
  const subscription = await runProjector(transport, projector, (error) =>
    logSurvived(log, error, { subscriber: projector.name }),
  );
  const metrics = new Metrics();
  watchPool(metrics, 'read', pool);
  watchProjector(metrics, projector, subscription);
  watchRebuild(metrics, projector, pool, OPERATIONS_SCHEMA);
  const health = new HealthReport(() => projector.checkpoints(), untilMigrated(pool, readSchema));
  health.add('events', () => subscription.healthy());
  const closing = new Closing([() => subscription.close(), () => transport.close(), () => pool.end()]);
  const app = await NestFactory.create<NestFastifyApplication>(
    ProjectorModule.forRoot(health, closing),
    new FastifyAdapter({ forceCloseConnections: 'idle' }),
    { logger: new NestLog(log) },
  );
  serveMetrics(app.getHttpAdapter().getInstance(), metrics);
  endsCleanly(app);
  await app.listen(settings.LOA_HTTP_PORT, settings.LOA_HTTP_HOST);
  log.info({ url: await app.getUrl() }, 'keeping the read models up to date');
});
