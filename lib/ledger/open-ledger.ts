import { createServerAccess } from '../access/server-access.ts';
import { bareUrl } from '../bare-url.ts';
import type { Config } from '../config.ts';
import { LedgerError } from '../errors.ts';
import type { PodPage } from '../kubernetes/api/list-pods.ts';
import type { PushMetrics } from '../observability/metrics.ts';
import { createPushgateway, type Pushgateway } from '../pushgateway/pushgateway.ts';
import type { Reconciliation } from './reconcile/reconcile-restarts.ts';
import { createRecordRestarts, type RecordRestarts } from './record-restarts.ts';
import type { Sweep } from './sweep-records.ts';

/** The settings that records, and what is done with them, depend on. */
export type LedgerConfig = Pick<Config, 'pushgateway' | 'grouping' | 'families' | 'retention' | 'prometheus'>;

/**
 * The use cases, wired to one Pushgateway. Any number of calls may be under way at once, in any order: all of them are
 * idempotent.
 */
export interface Ledger {
  /** Where the records are, without credentials. */
  readonly url: string;
  readonly pushgateway: Pushgateway;
  readonly recordRestarts: RecordRestarts;
  /**
   * Backfills the restarts that Pods show and the Pushgateway lacks. Throws like `reconcileRestarts`.
   *
   * @param lists The Pods of the cluster, one list for each scope.
   * @param onInvalid Called with the reason for each Pod that could not be read.
   */
  reconcile(
    lists: Iterable<AsyncIterable<PodPage>>,
    onInvalid: (failure: LedgerError) => void,
  ): Promise<Reconciliation>;
  /** Deletes the records that are past retention, or only finds them. Throws like `sweepRecords`. */
  sweep(options: { readonly dryRun: boolean }): Promise<Sweep>;
  /** Lets the pushes under way end, then closes the connections. */
  close(): Promise<void>;
}

export interface LedgerDependencies {
  /** Unix seconds; decides about retention, and whether a restart's time is still to come. */
  readonly nowSeconds: () => number;
  /** Default: nothing is counted. */
  readonly metrics?: PushMetrics;
}

/**
 * The one wiring of client, families, grouping and use cases. Opens no connection before the first call, and loads what
 * a Pod event does not need when it is needed.
 *
 * @throws LedgerError `configuration` when no Pushgateway is configured, or a file of credentials or certificates cannot be used.
 */
export function openLedger(config: LedgerConfig, { nowSeconds, metrics }: LedgerDependencies): Ledger {
  const { families, grouping, retention } = config;
  const { url, access, timeoutMilliseconds, connections } = config.pushgateway;
  if (url === undefined) throw noPushgateway();
  const pushgateway = createPushgateway({ url, access, timeoutMilliseconds, connections });
  // Read with each sweep; a file that cannot be used is an error of the start.
  if (config.prometheus !== undefined) createServerAccess(config.prometheus, { nowMilliseconds: () => 0 });
  const recordRestarts = createRecordRestarts({ pushgateway, families, grouping, metrics, nowSeconds });
  return {
    url: bareUrl(url),
    pushgateway,
    recordRestarts,
    async reconcile(lists, onInvalid) {
      const { reconcileRestarts } = await import('./reconcile/reconcile-restarts.ts');
      return await reconcileRestarts({ lists, pushgateway, recordRestarts, config, nowSeconds, onInvalid });
    },
    async sweep({ dryRun }) {
      const { sweepRecords } = await import('./sweep-records.ts');
      const { prometheusScrapes } = await import('../prometheus/prometheus-scrapes.ts');
      const scrapeState = prometheusScrapes(config);
      return await sweepRecords({ pushgateway, grouping, retention, scrapeState, nowSeconds, dryRun });
    },
    close: () => pushgateway.close(),
  };
}

function noPushgateway(): LedgerError {
  return new LedgerError('configuration', {
    operation: 'opening',
    subject: 'the ledger',
    fact: 'no Pushgateway is configured',
    remedy: 'set PUSHGATEWAY_URL to the base URL of a Pushgateway, or give --pushgateway URL to a command',
  });
}
