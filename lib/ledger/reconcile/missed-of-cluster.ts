import type { Missed } from '../../metrics/missed-exposition.ts';
import { containerOf, type StoredGroup } from '../../pushgateway/stored-groups.ts';
import { missedRestarts } from '../../restarts/missed.ts';
import { isKept, type Retention, withPlausibleTime } from '../../restarts/retention.ts';
import type { ShownContainer } from './shown-pod.ts';

/**
 * What was missed, by the names of Pod and container, of the Pods that exist and of those that have records. Containers
 * without a missed restart are left out.
 *
 * @param nowSeconds Unix time.
 */
export function missedOfCluster(
  shown: Iterable<ShownContainer>,
  records: readonly StoredGroup[],
  retention: Retention,
  nowSeconds: number,
): readonly Missed[] {
  const plausible = records.map((record) => withPlausibleTime(record, nowSeconds));
  // A store at its limit may have lost the first record of any container to a sweep.
  const belowLimit = records.length < retention.maxRecords;
  const ofContainer = Map.groupBy(plausible, (record) => containerId(containerOf(record)));
  const counts = new Map<string, Missed>();

  function add({ namespace, pod, container }: Omit<Missed, 'count'>, count: number): void {
    if (count === 0) return;
    const name = [namespace, pod, container].join('/');
    counts.set(name, { namespace, pod, container, count: (counts.get(name)?.count ?? 0) + count });
  }

  for (const container of shown) {
    const id = containerId(container);
    const stored = ofContainer.get(id) ?? [];
    ofContainer.delete(id);
    const { createdAt, past, restartCount } = container;
    const restarts = [...past, ...stored];
    const young = createdAt !== undefined && isKept(createdAt, retention, nowSeconds);
    const fromStart = belowLimit && young && stored.length < retention.maxPerContainer;
    add(container, missedRestarts({ restarts, restartCount, fromStart }));
  }
  for (const stored of ofContainer.values()) {
    const [first] = stored;
    if (first === undefined) continue;
    add(containerOf(first), missedRestarts({ restarts: stored, restartCount: undefined, fromStart: false }));
  }
  return [...counts.values()];
}

export function containerId(of: Pick<ShownContainer, 'namespace' | 'pod' | 'uid' | 'container'>): string {
  return [of.namespace, of.pod, of.uid, of.container].join('/');
}
