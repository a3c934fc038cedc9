import type { PathName } from '../measured/paths.ts';
import { pathNames } from '../measured/paths.ts';
import { restartedAfter } from '../scenarios/containers.ts';
import { namespaces } from '../scenarios/create-scenarios.ts';
import { readAuditedPods } from './audited-pods.ts';
import type { Run } from './container-runs.ts';
import { readableRestarts, scrapeIntervals } from './kube-state-metrics.ts';
import { createInstantQuery } from './prometheus.ts';
import { heldBy, scrapedRecords } from './records.ts';
import { type Account, type Score, score, trueRestarts } from './score.ts';

/** What the score is computed from; nothing ends any more, and reconcile has run. */
export interface Sources {
  readonly runs: readonly Run[];
  readonly auditLog: string;
  /** Base URLs. */
  readonly prometheus: string;
  readonly gateways: Readonly<Record<PathName, string>>;
}

/** What one path has recorded. */
export interface PathScore extends Score {
  readonly path: PathName;
  /** True restarts that the gateway has not stored at the end. */
  readonly notHeld: number;
  /** How many restarts reconcile has counted as missed. */
  readonly missed: number;
}

export interface PhaseScore {
  /** By containerd's events. */
  readonly trueRestarts: number;
  /** Of them, those whose termination was in any response of the API server. */
  readonly shown: number;
  /** Containers that have ended without a restart. */
  readonly endings: number;
  /** True restarts by the name of the container. */
  readonly byContainer: Readonly<Record<string, number>>;
  readonly paths: readonly PathScore[];
  /** For how many restarts time, exit code and reason could be read. */
  readonly kubeStateMetrics: readonly { readonly interval: number; readonly restarts: number }[];
}

export async function scorePhase({ runs, auditLog, prometheus, gateways }: Sources): Promise<PhaseScore> {
  const query = createInstantQuery(prometheus);
  const shown = await readAuditedPods(auditLog);
  const own = runs.filter(({ namespace }) => Object.values<string>(namespaces).includes(namespace));
  const account: Account = { runs: own, deletions: shown.deletions, restartedAfter };
  const restarts = trueRestarts(own);
  const paths: PathScore[] = [];
  for (const path of pathNames) {
    const { records, missed } = await heldBy(gateways[path]);
    const held = score(account, records);
    const scraped = score(account, await scrapedRecords(query, path));
    paths.push({ path, ...scraped, notHeld: held.trueRestarts - held.onRecord, missed });
  }
  const kubeStateMetrics = [];
  for (const interval of scrapeIntervals)
    kubeStateMetrics.push({ interval, restarts: await readableRestarts(query, interval, restarts) });
  return {
    trueRestarts: restarts.length,
    shown: restarts.filter(({ run }) => shown.ends.has(run.id)).length,
    endings: own.filter(({ namespace, endedAt }) => namespace === namespaces.ending && endedAt !== undefined)
      .length,
    byContainer: Object.fromEntries(
      [...Map.groupBy(restarts, ({ run }) => run.container)].map(([name, each]) => [name, each.length]),
    ),
    paths,
    kubeStateMetrics,
  };
}
