import type { Task } from '../lib/cloudevents/task.ts';
import type { Cluster } from '../lib/kubernetes/api/cluster.ts';
import type { Ledger } from '../lib/ledger/open-ledger.ts';
import { missedTotal } from '../lib/metrics/missed-exposition.ts';
import { failureFields, type Log } from '../lib/observability/log.ts';

/**
 * The tasks that a ping asks for, one after another. A ping that comes while a task runs shares that run, so that any number of
 * pings at once costs one: a run lists the whole cluster, or reads the whole Pushgateway.
 *
 * @throws LedgerError of the first task that failed; those after it were not started.
 */
export type Maintain = (tasks: readonly Task[], log: Log) => Promise<void>;

export function createMaintenance(
  ledger: Ledger,
  openCluster: () => Promise<Pick<Cluster, 'podLists'>>,
): Maintain {
  const running = new Map<Task, Promise<void>>();

  async function run(task: Task, log: Log): Promise<void> {
    try {
      if (task === 'reconcile') await reconcile(ledger, await openCluster(), log);
      else await sweep(ledger, log);
    } finally {
      running.delete(task);
    }
  }

  return async (tasks, log) => {
    for (const task of tasks) {
      const shared = running.get(task) ?? run(task, log);
      running.set(task, shared);
      await shared;
    }
  };
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
