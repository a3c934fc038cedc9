import pMap from 'p-map';
import { LedgerError } from '../errors.ts';
import type { GroupingSettings } from '../metrics/grouping-key.ts';
import type { ScrapeState } from '../prometheus/scrape-state.ts';
import { gatewayStatus } from '../pushgateway/gateway-status.ts';
import type { Pushgateway } from '../pushgateway/pushgateway.ts';
import { readStoredGroups, type StoredGroup } from '../pushgateway/stored-groups.ts';
import { disposable, type Retention } from '../restarts/retention.ts';

/** The result of a sweep. */
export interface Sweep {
  /** Records in the Pushgateway before the sweep. */
  readonly stored: number;
  /** Those past retention, and those beyond the newest so many of their container, or of all. */
  readonly expired: readonly StoredGroup[];
  readonly surplus: readonly StoredGroup[];
  /** Records that were deleted: both, or none with `dryRun`. */
  readonly removed: number;
  /** Groups of the same job that do not have the labels of a record, and are kept. */
  readonly others: number;
}

export interface SweepDependencies {
  readonly pushgateway: Pick<Pushgateway, 'lines' | 'remove'>;
  readonly grouping: GroupingSettings;
  readonly retention: Retention;
  /** Asks whether Prometheus has the records; `undefined` where no Prometheus is configured. */
  readonly scrapeState: (() => Promise<ScrapeState>) | undefined;
  readonly nowSeconds: () => number;
  /** Find what would be deleted, and delete nothing. */
  readonly dryRun: boolean;
}

/** Deletions at a time. */
const concurrency = 16;

/**
 * The use case that bounds what a Pushgateway stores: deletes the records that are past retention, which Prometheus has
 * scraped long ago. Idempotent, and safe to run concurrently.
 *
 * @throws LedgerError `gateway-refused` when it is not a Pushgateway or refuses the request, `gateway-unavailable` when
 * it is unreachable, `not-scraped` when Prometheus has no record; what had been deleted by then stays deleted.
 */
export async function sweepRecords({
  pushgateway,
  grouping,
  retention,
  scrapeState,
  nowSeconds,
  dryRun,
}: SweepDependencies): Promise<Sweep> {
  await requirePushgateway(pushgateway);
  await requireScrape(scrapeState);
  const { records, others } = await readStoredGroups(pushgateway.lines('/metrics'), grouping, {
    families: false,
  });
  const containers = Map.groupBy(records.values(), containerPath).values();
  const { expired, surplus } = disposable(containers, retention, nowSeconds());
  const removals = dryRun ? [] : [...expired, ...surplus];
  await pMap(removals, ({ path }) => pushgateway.remove(path), { concurrency });
  return { stored: records.size, expired, surplus, removed: removals.length, others };
}

/** All of a record's path but its `restart_id`. */
function containerPath({ path }: StoredGroup): string {
  return path.slice(0, path.lastIndexOf('/restart_id/'));
}

async function requirePushgateway(pushgateway: Pick<Pushgateway, 'lines'>): Promise<void> {
  if ((await gatewayStatus(pushgateway)) !== undefined) return;
  throw new LedgerError('gateway-refused', {
    operation: 'sweeping',
    subject: 'the Pushgateway',
    fact: 'it does not answer as a Pushgateway does, so its records cannot be listed',
    remedy: 'check its URL; a VictoriaMetrics deletes by its own -retentionPeriod and needs no sweep',
  });
}

/** A record that Prometheus has not scraped is stored nowhere else. */
async function requireScrape(scrapeState: SweepDependencies['scrapeState']): Promise<void> {
  const state = await scrapeState?.();
  if (state === undefined || state === 'honoured' || state === 'renamed') return;
  throw new LedgerError('not-scraped', {
    operation: 'sweeping',
    subject: 'the Pushgateway',
    fact: 'Prometheus has none of its records, and a sweep would delete the only copy',
    remedy: 'let Prometheus scrape the Pushgateway, and check PROMETHEUS_URL',
  });
}
