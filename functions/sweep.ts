import type { Config } from '../lib/config.ts';
import type { Pushgateway } from '../lib/gateway/pushgateway.ts';
import { prometheusScrapes } from '../lib/prometheus/prometheus-scrapes.ts';
import { sweepRecords } from '../lib/sweep-records.ts';
import type { Log } from '../lib/telemetry/log.ts';

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
