import { LedgerError } from '../../errors.ts';
import type { Cluster } from '../../kubernetes/api/cluster.ts';
import { distinctRestarts } from '../../restarts/history.ts';
import type { Restart } from '../../restarts/restart.ts';
import { readShownPod } from '../reconcile/shown-pod.ts';
import { type HistorySource, inOrder } from './history-source.ts';

/**
 * What the Pods of a cluster still show: of each container the newest restart, or the newest two.
 *
 * @param onInvalid Called with the reason for each Pod that cannot be read.
 */
export function clusterHistory(
  cluster: Pick<Cluster, 'podLists'>,
  onInvalid: (failure: LedgerError) => void,
): HistorySource {
  return {
    description: "the cluster's statuses (only the newest restart of each container)",
    async read(range) {
      const observed: Restart[] = [];
      for (const list of cluster.podLists()) {
        for await (const { restarted } of list) {
          for (const pod of restarted) observed.push(...restartsOfPod(pod, onInvalid));
        }
      }
      return inOrder(distinctRestarts(observed), range);
    },
  };
}

function restartsOfPod(pod: unknown, onInvalid: (failure: LedgerError) => void): readonly Restart[] {
  try {
    return readShownPod(pod, () => true).restarts;
  } catch (failure) {
    if (!(failure instanceof LedgerError)) throw failure;
    onInvalid(failure);
    return [];
  }
}
