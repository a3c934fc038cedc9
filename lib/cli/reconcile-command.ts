import { type Environment, readConfig, withoutCluster } from '../config.ts';
import { openCluster } from '../kubernetes/api/cluster.ts';
import { reconcileRestarts } from '../ledger/reconcile/reconcile-restarts.ts';
import { createRecordRestarts } from '../ledger/record-restarts.ts';
import { createFunctionMetrics } from '../observability/function-metrics.ts';
import { createPushgateway } from '../pushgateway/pushgateway.ts';
import { requireGateway } from './require-gateway.ts';
import type { ExitCode, Terminal } from './terminal.ts';

export interface ReconcileOptions {
  readonly pushgateway?: string;
}

/** The command `restart-ledger reconcile`: records what the Pods of a cluster show and the Pushgateway lacks. */
export async function reconcileCommand(
  { pushgateway }: ReconcileOptions,
  environment: Environment,
  terminal: Terminal,
): Promise<ExitCode> {
  const given = pushgateway === undefined ? {} : { PUSHGATEWAY_URL: pushgateway };
  const config = readConfig({ ...withoutCluster(environment), ...given });
  const { families, grouping } = config;
  const { timeoutMilliseconds, connections } = config.pushgateway;
  const gateway = createPushgateway({ url: requireGateway(config), timeoutMilliseconds, connections });
  const recordRestarts = createRecordRestarts({
    gateway,
    families,
    grouping,
    metrics: createFunctionMetrics(),
    now: () => performance.now() / 1000,
  });
  try {
    const { pods, refused, restarts, missing, missed } = await reconcileRestarts({
      lists: openCluster(config.cluster).podLists(),
      gateway,
      recordRestarts,
      config,
      now: () => Date.now() / 1000,
      onRefused: (failure) => terminal.err(`passed over: ${failure.message}`),
    });
    for (const { namespace, pod, container, count } of missed ?? []) {
      terminal.err(`missed: ${namespace}/${pod} ${container}: ${count} that nothing tells of any more`);
    }
    const total = missed?.reduce((sum, { count }) => sum + count, 0);
    terminal.out(
      [
        `${pods} Pods read: ${restarts} restarts shown`,
        `${missing} missing and recorded`,
        total === undefined ? 'missed unknown: the gateway lists no records' : `${total} missed`,
        `${refused} Pods passed over`,
      ].join(', '),
    );
    return refused === 0 ? 0 : 1;
  } finally {
    await gateway.close();
  }
}
