import { readHttpMessage } from '../lib/cloudevents/http-message.ts';
import type { Config } from '../lib/config.ts';
import { createEventServer } from '../lib/http/event-server.ts';
import { openLocalLedger } from '../lib/ledger/open-local-ledger.ts';
import { createFunctionMetrics } from '../lib/observability/function-metrics.ts';
import type { ProcessLog } from '../lib/observability/log.ts';
import { createLedgerFunction } from './ledger-function.ts';

/** A function that is being served. */
export interface Served {
  readonly url: string;
  /** Where the records go; without credentials. */
  readonly gatewayUrl: string;
  /** Answers what is in flight, then ends everything that was started. */
  close(): Promise<void>;
}

export interface ServeOptions {
  /** Let the embedded gateway take a free port where its own is taken. */
  readonly anyPort: boolean;
}

/**
 * Serves the function, beside an embedded gateway where the configuration names no Pushgateway.
 *
 * @throws LedgerError `configuration` when it cannot listen.
 */
export async function serve(config: Config, log: ProcessLog, { anyPort }: ServeOptions): Promise<Served> {
  const metrics = createFunctionMetrics();
  const nowSeconds = () => Date.now() / 1000;
  const ledger = await openLocalLedger(config, { nowSeconds, metrics, anyPort });
  const { handle, shutdown } = createLedgerFunction({ ledger, config, metrics, nowSeconds });
  const server = createEventServer({
    config: config.server,
    readMessage: readHttpMessage,
    handle,
    metrics,
    log,
  });
  const close = async () => {
    await server.close();
    await shutdown();
  };
  let url: string;
  try {
    url = await server.listen({ host: config.server.host, port: config.server.port });
  } catch (error) {
    await close();
    throw error;
  }
  log.info({ url, gateway: ledger.url, embedded: ledger.isEmbedded }, 'listening');
  return { url, gatewayUrl: ledger.url, close };
}
