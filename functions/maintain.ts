import type { Task } from '../lib/cloudevents/task.ts';
import type { Cluster } from '../lib/kubernetes/api/cluster.ts';
import type { Ledger } from '../lib/ledger/open-ledger.ts';
import { missedTotal } from '../lib/metrics/missed-exposition.ts';
import { failureFields, type Log } from '../lib/observability/log.ts';

/**
 * The tasks that a ping asks for, one after another.
 *
 * @throws LedgerError of the first task that failed; those after it were not started.
 */
export async function maintain(
  tasks: readonly Task[],
  ledger: Ledger,
  openCluster: () => Promise<Pick<Cluster, 'podLists'>>,
  log: Log,
): Promise<void> {
  for (const task of tasks) {
    if (task === 'reconcile') await reconcile(ledger, await openCluster(), log);
    else await sweep(ledger, log);
  }
}

async function reconcile(ledger: Ledger, cluster: Pick<Cluster, 'podLists'>, log: Log): Promise<void> {
  const onInvalid = (failure: unknown) => log.warn(failureFields(failure), 'an invalid Pod was skipped');
  const { missed, ...counts } = await ledger.reconcile(cluster.podLists(), onInvalid);
  log.info({ ...counts, missed: missed && missedTotal(missed) }, 'reconciled');
}

async function sweep(ledger: Ledger, log: Log): Promise<void> {
  const { stored, expired, surplus, removed } = await ledger.sweep({ dryRun: false });
  log.info({ stored, expired: expired.length, surplus: surplus.length, removed }, 'swept');
}
