import Fastify from 'fastify';
import type { Config } from '../config.ts';
import { LedgerError, reasonOf } from '../errors.ts';
import type { FunctionMetrics } from '../telemetry/function-metrics.ts';
import { drainOnClose } from './drain.ts';
import { addHealthRoutes } from './health-routes.ts';

/** A server of probes and metrics alone, for a process that takes no requests. */
export interface HealthServer {
  readonly url: string;
  close(): Promise<void>;
}

/** @throws LedgerError `configuration` when it cannot listen. */
export async function startHealthServer(
  { host, port }: Pick<Config['server'], 'host' | 'port'>,
  metrics: Pick<FunctionMetrics, 'contentType' | 'exposition'>,
  isReady: () => boolean,
): Promise<HealthServer> {
  const server = Fastify();
  const drain = drainOnClose(server.server);
  server.addHook('preClose', async () => drain());
  addHealthRoutes(server, metrics, isReady);
  try {
    return { url: await server.listen({ host, port }), close: () => server.close() };
  } catch (cause) {
    const remedy = 'set HOST and PORT to an address that is free';
    const parts = { operation: 'listening on', subject: `${host}:${port}`, fact: reasonOf(cause), remedy };
    throw new LedgerError('configuration', parts, { cause });
  }
}
