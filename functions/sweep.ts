import type { Config } from '../lib/config.ts';
import { sweepRecords } from '../lib/ledger/sweep-records.ts';
import type { Log } from '../lib/observability/log.ts';
import { prometheusScrapes } from '../lib/prometheus/prometheus-scrapes.ts';
import type { Pushgateway } from '../lib/pushgateway/pushgateway.ts';

/** Deletes the records that are past retention. Throws like `sweepRecords`. */
export async function sweep(
  gateway: Pushgateway,
  config: Pick<Config, 'grouping' | 'retention' | 'prometheusUrl' | 'pushgateway'>,
  clock: () => number,
  log: Log,
): Promise<void> {
  const { held, expired, surplus, removed } = await sweepRecords({
    gateway,
    grouping: config.grouping,
    retention: config.retention,
    scrapeState: prometheusScrapes(config),
    now: clock,
    dryRun: false,
  });
  log.info({ held, expired: expired.length, surplus: surplus.length, removed }, 'swept');
}
