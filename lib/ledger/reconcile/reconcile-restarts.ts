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
import { readStoredGroups, type StoredGroup } from '../../pushgateway/stored-groups.ts';
import type { Restart } from '../../restarts/restart.ts';
import { isKept } from '../../restarts/retention.ts';
import type { RecordRestarts } from '../record-restarts.ts';
import { containerId, missedOfCluster } from './missed-of-cluster.ts';
import { readShownPod, type ShownContainer } from './shown-pod.ts';

/** What a reconcile found and did. */
export interface Reconciliation {
  readonly pods: number;
  /** Pods that could not be read as such; each has been told to `onRefused`. */
  readonly refused: number;
  /** Restarts that the Pods show, those past retention left out. */
  readonly restarts: number;
  /** Those of them that had no record, or not a whole one. All have been recorded. */
  readonly missing: number;
  /** What can no longer be told; `undefined` where the gateway does not list what it holds. */
  readonly missed: readonly Missed[] | undefined;
}

export interface ReconcileDependencies {
  /** The Pods of the cluster, one list for each scope. */
  readonly lists: Iterable<AsyncIterable<PodPage>>;
  readonly gateway: Pick<Pushgateway, 'lines' | 'replace'>;
  readonly recordRestarts: RecordRestarts;
  readonly config: Pick<Config, 'families' | 'grouping' | 'retention'>;
  /** Unix seconds. */
  readonly now: () => number;
  readonly onRefused: (failure: LedgerError) => void;
}

/** Pods whose restarts are pushed at a time: few, since a gateway that checks its consistency is slow. */
const concurrency = 8;

/**
 * The use case that makes good what events did not bring: looks at every Pod, records the restarts that the gateway
 * lacks, and tells the gateway how many can no longer be told. Doing it twice, or at two places at once, is harmless.
 *
 * @throws LedgerError when the Pods or the gateway cannot be read, or a restart was not recorded; the others were
 * tried all the same unless the gateway is away.
 */
export async function reconcileRestarts(dependencies: ReconcileDependencies): Promise<Reconciliation> {
  const { lists, gateway, recordRestarts, config, now, onRefused } = dependencies;
  const { families, grouping, retention } = config;
  const isListed = (await gatewayStatus(gateway)) !== undefined;
  const held = isListed ? await readRecords() : new Map<string, StoredGroup>();
  const containers = new Map<string, ShownContainer>();
  const refusals: LedgerError[] = [];
  const counts = { pods: 0, refused: 0, restarts: 0, missing: 0 };

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

  async function readRecords(): Promise<ReadonlyMap<string, StoredGroup>> {
    return (await readStoredGroups(gateway.lines('/metrics'), grouping)).records;
  }

  /** The restarts without a whole record, by Pod. */
  function readPage(pods: readonly unknown[]): readonly (readonly Restart[])[] {
    const lacking: (readonly Restart[])[] = [];
    for (const object of pods) {
      try {
        const shown = readShownPod(object, (time) => isKept(time, retention, now()));
        for (const container of shown.containers) containers.set(containerId(container), container);
        const missing = shown.restarts.filter((restart) => !isRecorded(restart));
        counts.restarts += shown.restarts.length;
        counts.missing += missing.length;
        if (missing.length > 0) lacking.push(missing);
      } catch (failure) {
        if (!(failure instanceof LedgerError)) throw failure;
        counts.refused += 1;
        onRefused(failure);
      }
    }
    return lacking;
  }

  /** A whole record holds every chosen family that the restart's status tells by now. */
  function isRecorded(restart: Restart): boolean {
    const record = held.get(groupPath(groupingKey(restart, grouping)));
    const told = families.filter((family) => family.value(restart) !== undefined);
    return record !== undefined && told.every((family) => record.families.has(family.name));
  }

  async function record(restarts: readonly Restart[]): Promise<void> {
    try {
      await recordRestarts(restarts);
    } catch (failure) {
      if (!(failure instanceof LedgerError) || failure.kind !== 'gateway-refused') throw failure;
      refusals.push(failure);
    }
  }

  /** By the records as they are after the Pods were read: what an event has brought meanwhile was not missed. */
  async function audit(): Promise<readonly Missed[]> {
    const records = await readRecords();
    const missed = missedOfCluster(containers.values(), records.values(), retention, now());
    await gateway.replace(auditKey(grouping), await missedExposition(missed));
    return missed;
  }
}
