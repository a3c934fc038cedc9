import { type Environment, readConfig } from '../config.ts';
import { counted } from '../counted.ts';
import { openCluster } from '../kubernetes/api/cluster.ts';
import { openLedger } from '../ledger/open-ledger.ts';
import { missedTotal } from '../metrics/missed-exposition.ts';
import { clusterAccess, type KubectlOptions } from './kubectl-options.ts';
import { flagsOf, type Overrides } from './overrides.ts';
import type { ExitCode, Terminal } from './terminal.ts';

export type ReconcileOptions = Pick<Overrides, 'pushgateway'> & KubectlOptions;

/** The command `restart-ledger reconcile`: records what the Pods of a cluster show and the Pushgateway lacks. */
export async function reconcileCommand(
  options: ReconcileOptions,
  environment: Environment,
  terminal: Terminal,
): Promise<ExitCode> {
  const access = clusterAccess(options, environment);
  const config = readConfig(access.environment, [...flagsOf(options), ...access.flags]);
  const ledger = openLedger(config, { nowSeconds: () => Date.now() / 1000 });
  try {
    const { pods, invalid, restarts, missing, missed } = await ledger.reconcile(
      openCluster(config.cluster, access.loadKubeConfig).podLists(),
      (failure) => terminal.err(`skipped: ${failure.message}`),
    );
    for (const { namespace, pod, container, count } of missed ?? []) {
      terminal.err(`missed: ${namespace}/${pod} ${container}: ${count} unrecoverable`);
    }
    terminal.out(
      [
        `${counted(pods, 'Pod')} read: ${counted(restarts, 'restart')} shown`,
        `${missing} missing and recorded`,
        missed === undefined
          ? 'missed unknown: the gateway lists no records'
          : `${missedTotal(missed)} unrecoverable`,
        `${counted(invalid, 'Pod')} skipped`,
      ].join(', '),
    );
    return invalid === 0 ? 0 : 1;
  } finally {
    await ledger.close();
  }
}
