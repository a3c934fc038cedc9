import pMap from 'p-map';
import { LedgerError } from '../errors.ts';
import type { GroupingSettings } from '../metrics/grouping-key.ts';
import type { ScrapeState } from '../prometheus/scrape-state.ts';
import { gatewayStatus } from '../pushgateway/gateway-status.ts';
import type { Pushgateway } from '../pushgateway/pushgateway.ts';
import { readStoredGroups, type StoredGroup } from '../pushgateway/stored-groups.ts';
import { disposable, type Retention } from '../restarts/retention.ts';

/** What a sweep found and did. */
export interface Sweep {
  /** Records that the gateway held before. */
  readonly held: number;
  /** Those past retention, and those beyond the newest so many of their container. */
  readonly expired: readonly StoredGroup[];
  readonly surplus: readonly StoredGroup[];
  /** Records that were deleted: all of them, unless it was to show only. */
  readonly removed: number;
  /** Groups of the same job that are no records of these settings, and stay. */
  readonly others: number;
}

export interface SweepDependencies {
  readonly gateway: Pick<Pushgateway, 'lines' | 'remove'>;
  readonly grouping: GroupingSettings;
  readonly retention: Retention;
  /** Tells whether Prometheus has the records; `undefined` where nobody says which Prometheus. */
  readonly scrapeState: (() => Promise<ScrapeState>) | undefined;
  /** Unix seconds. */
  readonly now: () => number;
  /** Find what would go, and delete nothing. */
  readonly dryRun: boolean;
}

/** Deletions at a time. */
const concurrency = 16;

/**
 * The use case that keeps a Pushgateway from growing for ever: deletes the records that Prometheus has long stored.
 * Sweeping twice, or from two places at once, does no more than sweeping once.
 *
 * @throws LedgerError `gateway-refused` when the gateway is no Pushgateway, `gateway-unavailable` when it is away;
 * what had been deleted by then is deleted.
 */
export async function sweepRecords({
  gateway,
  grouping,
  retention,
  scrapeState,
  now,
  dryRun,
}: SweepDependencies): Promise<Sweep> {
  await requirePushgateway(gateway);
  await requireScrape(scrapeState);
  const { records, others } = await readStoredGroups(gateway.lines('/metrics'), grouping);
  const expired: StoredGroup[] = [];
  const surplus: StoredGroup[] = [];
  for (const container of Map.groupBy(records.values(), containerPath).values()) {
    const found = disposable(container, retention, now());
    expired.push(...found.expired);
    surplus.push(...found.surplus);
  }
  const removals = dryRun ? [] : [...expired, ...surplus];
  await pMap(removals, ({ path }) => gateway.remove(path), { concurrency });
  return { held: records.size, expired, surplus, removed: removals.length, others };
}

/** All of a record's path but its `restart_id`. */
function containerPath({ path }: StoredGroup): string {
  return path.slice(0, path.lastIndexOf('/restart_id/'));
}

async function requirePushgateway(gateway: Pick<Pushgateway, 'lines'>): Promise<void> {
  if ((await gatewayStatus(gateway)) !== undefined) return;
  throw new LedgerError('gateway-refused', {
    operation: 'sweeping',
    subject: 'the Pushgateway',
    fact: 'it does not answer as a Pushgateway does, so its records cannot be listed',
    remedy: 'check PUSHGATEWAY_URL; a VictoriaMetrics deletes by its own -retentionPeriod and needs no sweep',
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
