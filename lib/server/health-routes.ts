import type { FastifyInstance } from 'fastify';
import type { FunctionMetrics } from '../telemetry/function-metrics.ts';

/** `/health/liveness`, `/health/readiness` and `/metrics`; not ready is 503. */
export function addHealthRoutes(
  server: FastifyInstance,
  metrics: Pick<FunctionMetrics, 'contentType' | 'exposition'>,
  isReady: () => boolean,
): void {
  server.get('/health/liveness', async () => 'OK');
  server.get('/health/readiness', async (_request, reply) =>
    isReady() ? 'OK' : reply.code(503).send('not ready'),
  );
  server.get('/metrics', async (_request, reply) =>
    reply.type(metrics.contentType).send(await metrics.exposition()),
  );
}
