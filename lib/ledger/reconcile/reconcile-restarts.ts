import pMap from 'p-map';
import type { Config } from '../../config.ts';
import { LedgerError } from '../../errors.ts';
import { gravest } from '../../http/problem.ts';
import type { PodPage } from '../../kubernetes/api/list-pods.ts';
import { groupingKey } from '../../metrics/grouping-key.ts';
import { auditKey, type Missed, missedExposition } from '../../metrics/missed-exposition.ts';
import { gatewayStatus } from '../../pushgateway/gateway-status.ts';
import { groupPath } from '../../pushgateway/group-path.ts';
import type { Pushgateway } from '../../pushgateway/pushgateway.ts';
import { type ReadOptions, readStoredGroups, type StoredGroup } from '../../pushgateway/stored-groups.ts';
import type { Restart } from '../../restarts/restart.ts';
import { isKept, type Retention, recordTime, withPlausibleTime } from '../../restarts/retention.ts';
import type { RecordRestarts } from '../record-restarts.ts';
import { containerId, missedOfCluster } from './missed-of-cluster.ts';
import { readShownPod, type ShownContainer } from './shown-pod.ts';

/** The result of a reconcile. */
export interface Reconciliation {
  readonly pods: number;
  /** Pods that could not be read. */
  readonly invalid: number;
  /** Restarts that the Pods show, those past retention left out. */
  readonly restarts: number;
  /** Those of them without a complete record. All have been recorded. */
  readonly missing: number;
  /** Restarts that are unrecoverable; `undefined` where the gateway does not list its records. */
  readonly missed: readonly Missed[] | undefined;
}

export interface ReconcileDependencies {
  /** The Pods of the cluster, one list for each scope. */
  readonly lists: Iterable<AsyncIterable<PodPage>>;
  readonly pushgateway: Pick<Pushgateway, 'lines' | 'replace'>;
  readonly recordRestarts: RecordRestarts;
  readonly config: Pick<Config, 'families' | 'grouping' | 'retention'>;
  readonly nowSeconds: () => number;
  /** Called with the reason for each Pod that could not be read. */
  readonly onInvalid: (failure: LedgerError) => void;
}

/** Pods whose restarts are pushed at a time: few, since a gateway that checks its consistency is slow. */
const concurrency = 8;

/**
 * The use case that backfills missed restarts: lists every Pod, records the restarts that the Pushgateway lacks, and
 * pushes how many restarts are unrecoverable. Idempotent, and safe to run concurrently.
 *
 * @throws LedgerError when the Pods or the gateway cannot be read, or a restart was not recorded; the others are
 * pushed anyway unless the Pushgateway is unavailable.
 */
export async function reconcileRestarts(dependencies: ReconcileDependencies): Promise<Reconciliation> {
  const { lists, pushgateway, recordRestarts, config, nowSeconds, onInvalid } = dependencies;
  const { families, grouping, retention } = config;
  const isListed = (await gatewayStatus(pushgateway)) !== undefined;
  const stored = isListed ? await readStoredRecords({ families: true }) : new Map<string, StoredGroup>();
  const sweptBefore = oldestOfFull(stored, retention, nowSeconds());
  const containers = new Map<string, ShownContainer>();
  const refusals: LedgerError[] = [];
  const counts = { pods: 0, invalid: 0, restarts: 0, missing: 0 };

  for (const list of lists) {
    const start = { ...counts };
    for await (const { count, restarted, isFirst } of list) {
      if (isFirst) Object.assign(counts, start);
      counts.pods += count;
      await pMap(readPage(restarted), record, { concurrency });
    }
  }
  if (refusals.length > 0) throw gravest(refusals);
  return { ...counts, missed: isListed ? await audit() : undefined };

  async function readStoredRecords(options: ReadOptions): Promise<ReadonlyMap<string, StoredGroup>> {
    return (await readStoredGroups(pushgateway.lines('/metrics'), grouping, options)).records;
  }

  /** What a sweep would delete again is not restored. */
  function isWithinLimits(time: number | undefined): boolean {
    return isKept(time, retention, nowSeconds()) && (time === undefined || time >= sweptBefore);
  }

  /** The restarts without a complete record, by Pod. */
  function readPage(pods: readonly unknown[]): readonly (readonly Restart[])[] {
    const lacking: (readonly Restart[])[] = [];
    for (const object of pods) {
      try {
        const shown = readShownPod(object, isWithinLimits);
        for (const container of shown.containers) containers.set(containerId(container), container);
        const missing = shown.restarts.filter((restart) => !isRecorded(restart));
        counts.restarts += shown.restarts.length;
        counts.missing += missing.length;
        if (missing.length > 0) lacking.push(missing);
      } catch (failure) {
        if (!(failure instanceof LedgerError)) throw failure;
        counts.invalid += 1;
        onInvalid(failure);
      }
    }
    return lacking;
  }

  /** A complete record has every chosen family whose value the status already shows. */
  function isRecorded(restart: Restart): boolean {
    const record = stored.get(groupPath(groupingKey(restart, grouping)));
    const expected = families.filter((family) => family.value(restart) !== undefined);
    return record !== undefined && expected.every((family) => record.families.has(family.name));
  }

  async function record(restarts: readonly Restart[]): Promise<void> {
    try {
      await recordRestarts(restarts);
    } catch (failure) {
      if (!(failure instanceof LedgerError) || failure.kind !== 'gateway-refused') throw failure;
      refusals.push(failure);
    }
  }

  /** Reads the records again after the Pods: a restart that an event recorded meanwhile was not missed. */
  async function audit(): Promise<readonly Missed[]> {
    const records = await readStoredRecords({ families: false });
    const missed = missedOfCluster(containers.values(), [...records.values()], retention, nowSeconds());
    await pushgateway.replace(auditKey(grouping), missedExposition(missed));
    return missed;
  }
}

/** The time of the oldest record in a store at its limit, whose sweep has deleted what is older; else `-Infinity`. */
function oldestOfFull(
  stored: ReadonlyMap<string, StoredGroup>,
  { maxRecords }: Retention,
  nowSeconds: number,
): number {
  if (stored.size < maxRecords) return Number.NEGATIVE_INFINITY;
  let oldest = Number.POSITIVE_INFINITY;
  for (const record of stored.values())
    oldest = Math.min(oldest, recordTime(withPlausibleTime(record, nowSeconds)));
  return oldest;
}
