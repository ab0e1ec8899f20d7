import 'reflect-metadata';
import { serveMetrics, watchPool } from '@loa/observability';
import { BODY_LIMIT, endsConnections, NestLog, ProblemFilter } from '@loa/service';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { GatewayModule, type GatewayOptions } from './gateway.module.js';

/** The gateway, ready to listen. */
export async function createGateway(options: GatewayOptions): Promise<NestFastifyApplication> {
  const app = await NestFactory.create<NestFastifyApplication>(
    GatewayModule.forRoot(options),
    new FastifyAdapter({ bodyLimit: BODY_LIMIT, forceCloseConnections: 'idle' }),
    { logger: new NestLog(options.log) },
  );
  app.useGlobalFilters(new ProblemFilter(options.log));
  watchPool(options.metrics, 'read', options.questions);
  endsConnections(app);
  serveMetrics(app.getHttpAdapter().getInstance(), options.metrics);
  return app;
}
