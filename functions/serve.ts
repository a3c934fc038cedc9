import type { Config } from '../lib/config.ts';
import { LedgerError, reasonOf } from '../lib/errors.ts';
import { createServer } from '../lib/http/event-server.ts';
import { createFunctionMetrics } from '../lib/observability/function-metrics.ts';
import type { Log } from '../lib/observability/log.ts';
import { createLedgerFunction } from './ledger-function.ts';

/** A function that is being served. */
export interface Served {
  readonly url: string;
  /** Where the records go; without credentials. */
  readonly gatewayUrl: string;
  /** Answers what is in flight, then ends everything that was started. */
  close(): Promise<void>;
}

/**
 * Serves the function, beside an embedded gateway where the configuration names no Pushgateway.
 *
 * @throws LedgerError `configuration` when it cannot listen.
 */
export async function serve(config: Config, log: Log): Promise<Served> {
  const embedded = config.pushgateway.url === undefined ? await startEmbedded(config) : undefined;
  const url = config.pushgateway.url ?? new URL(embedded?.url ?? '');
  const metrics = createFunctionMetrics();
  const ledger = createLedgerFunction({
    config: { ...config, pushgateway: { ...config.pushgateway, url } },
    metrics,
    now: () => performance.now() / 1000,
    clock: () => Date.now() / 1000,
  });
  const server = createServer({ config: config.server, handle: ledger.handle, metrics, log });
  const close = async () => {
    await server.close();
    await ledger.shutdown();
    await embedded?.close();
  };
  let functionUrl: string;
  try {
    functionUrl = await server.listen({ host: config.server.host, port: config.server.port });
  } catch (error) {
    await close();
    throw cannotListen(config.server, error);
  }
  const gatewayUrl = `${url.origin}${url.pathname}`;
  log.info({ url: functionUrl, gateway: gatewayUrl, embedded: embedded !== undefined }, 'listening');
  return { url: functionUrl, gatewayUrl, close };
}

/** Loaded only where it is used: a function in a cluster never is. */
async function startEmbedded({ embeddedGateway }: Config) {
  const { startEmbeddedGateway } = await import('../lib/pushgateway/embedded/server.ts');
  return await startEmbeddedGateway({ ...embeddedGateway, now: Date.now });
}

function cannotListen({ host, port }: Config['server'], cause: unknown): LedgerError {
  return new LedgerError(
    'configuration',
    {
      operation: 'listening on',
      subject: `${host}:${port}`,
      fact: reasonOf(cause),
      remedy: 'set HOST and PORT to an address that is free',
    },
    { cause },
  );
}
