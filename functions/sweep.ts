import type { Config } from '../lib/config.ts';
import type { Pushgateway } from '../lib/gateway/pushgateway.ts';
import { sweepRecords } from '../lib/sweep-records.ts';
import type { Log } from '../lib/telemetry/log.ts';

/** Deletes the records that are past retention. Throws like `sweepRecords`. */
export async function sweep(
  gateway: Pushgateway,
  { grouping, retention }: Pick<Config, 'grouping' | 'retention'>,
  clock: () => number,
  log: Log,
): Promise<void> {
  const { held, expired, surplus, removed } = await sweepRecords({
    gateway,
    grouping,
    retention,
    now: clock,
    dryRun: false,
  });
  log.info({ held, expired: expired.length, surplus: surplus.length, removed }, 'swept');
}
