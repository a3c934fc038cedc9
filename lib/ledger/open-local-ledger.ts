import type { Address } from '../config/setting-forms.ts';
import type { Config } from '../config.ts';
import { LedgerError } from '../errors.ts';
import type { EmbeddedGateway } from '../pushgateway/embedded/server.ts';
import { embeddedPage } from './embedded-page.ts';
import { type Ledger, type LedgerConfig, type LedgerDependencies, openLedger } from './open-ledger.ts';

export interface LocalLedgerDependencies extends LedgerDependencies {
  /** Take a free port where the embedded gateway's own is taken. */
  readonly anyPort: boolean;
}

/** A ledger, and whether its records are only in the memory of this process. */
export interface LocalLedger extends Ledger {
  readonly isEmbedded: boolean;
}

/**
 * A ledger that needs no Pushgateway: where none is configured, an embedded one is started, and closed with the ledger.
 *
 * @throws LedgerError `configuration` when the embedded gateway cannot listen, or would run in a cluster.
 */
export async function openLocalLedger(
  config: LedgerConfig & Pick<Config, 'embeddedGateway' | 'insideCluster'>,
  { anyPort, ...dependencies }: LocalLedgerDependencies,
): Promise<LocalLedger> {
  if (config.pushgateway.url !== undefined) return { ...openLedger(config, dependencies), isEmbedded: false };
  if (config.insideCluster) throw notInACluster();
  const embedded = await startEmbedded(config.embeddedGateway, anyPort);
  const pushgateway = { ...config.pushgateway, url: new URL(embedded.url), access: withoutAccess };
  const ledger = openLedger({ ...config, pushgateway }, dependencies);
  return {
    ...ledger,
    isEmbedded: true,
    async close() {
      await ledger.close();
      await embedded.close();
    },
  };
}

const withoutAccess = { prefix: 'PUSHGATEWAY' } as const;

/** Its module is loaded only where it is used, which is never in a cluster. */
async function startEmbedded({ host, port }: Address, anyPort: boolean): Promise<EmbeddedGateway> {
  const { startEmbeddedGateway } = await import('../pushgateway/embedded/server.ts');
  const options = { host, nowMilliseconds: Date.now, page: embeddedPage() };
  try {
    return await startEmbeddedGateway({ ...options, port });
  } catch (failure) {
    if (!anyPort || port === 0 || !(failure instanceof LedgerError)) throw failure;
    return await startEmbeddedGateway({ ...options, port: 0 });
  }
}

function notInACluster(): LedgerError {
  return new LedgerError('configuration', {
    operation: 'reading',
    subject: 'the configuration',
    fact: 'PUSHGATEWAY_URL is not set, and a record in the memory of a Pod is lost with the Pod',
    remedy: 'set PUSHGATEWAY_URL to a Pushgateway in the cluster',
  });
}
