import type { NestFastifyApplication } from '@nestjs/platform-fastify';

/**
 * Once the server closes, each answer is the last one on its connection. Otherwise a client that keeps its connections,
 * as the gateway does, would keep the process from ending for more than a minute: closing ends the connections that are
 * idle, and those that still wait for an answer are not. To be called before the server listens.
 */
export function endsConnections(app: NestFastifyApplication): void {
  const fastify = app.getHttpAdapter().getInstance();
  let closing = false;
  fastify.addHook('preClose', (done) => {
    closing = true;
    done();
  });
  fastify.addHook('onSend', (_request, reply, payload, done) => {
    if (closing) reply.header('connection', 'close');
    done(null, payload);
  });
}

/**
 * SIGTERM and SIGINT let a process answer what it has taken in, close what it holds, and end with 0: whoever sees another
 * code knows that it was cut off.
 */
export function endsCleanly(app: NestFastifyApplication): void {
  app.enableShutdownHooks(['SIGTERM', 'SIGINT'], { useProcessExit: true });
}
