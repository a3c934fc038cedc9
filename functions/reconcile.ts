import type { Config } from '../lib/config.ts';
import type { Cluster } from '../lib/kubernetes/api/cluster.ts';
import { reconcileRestarts } from '../lib/ledger/reconcile/reconcile-restarts.ts';
import { failureFields, type Log } from '../lib/observability/log.ts';
import type { Pushgateway } from '../lib/pushgateway/pushgateway.ts';
import type { Recording } from './record.ts';

/** Lists the Pods and records what is missing. Throws like `reconcileRestarts`. */
export async function reconcile(
  cluster: Pick<Cluster, 'podLists'>,
  gateway: Pushgateway,
  config: Pick<Config, 'families' | 'grouping' | 'retention'>,
  { recordRestarts, clock }: Recording,
  log: Log,
): Promise<void> {
  const { missed, ...counts } = await reconcileRestarts({
    lists: cluster.podLists(),
    gateway,
    recordRestarts,
    config,
    now: clock,
    onRefused: (failure) => log.warn(failureFields(failure), 'a Pod of the cluster was passed over'),
  });
  const missedRestarts = missed?.reduce((sum, { count }) => sum + count, 0);
  log.info({ ...counts, missed: missedRestarts }, 'reconciled');
}
