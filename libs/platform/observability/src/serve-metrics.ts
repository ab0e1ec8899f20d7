import type { FastifyInstance } from 'fastify';
import type { Metrics } from './metrics.js';

/**
 * Times every request and answers `GET /metrics`, on the port that answers for the health of the process. To be called
 * before the server listens.
 */
export function serveMetrics(fastify: FastifyInstance, metrics: Metrics): void {
  const durations = metrics.histogram('http_server_request_duration_seconds');
  fastify.addHook('onResponse', (request, reply, done) => {
    // An address that no route fits is not a label: clients could make any number of them.
    const route = request.routeOptions.url ?? 'none';
    durations.observe({ route, code: String(reply.statusCode) }, reply.elapsedTime / 1_000);
    done();
  });
  fastify.get('/metrics', async (_, reply) =>
    reply.header('content-type', metrics.contentType).send(await metrics.text()),
  );
}
