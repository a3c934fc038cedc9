import { mkdirSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { disrupt } from './disrupt.ts';
import { startMonitoring } from './measured/monitoring.ts';
import { startPaths, watchOf } from './measured/paths.ts';
import { grantAccess } from './measured/service-account.ts';
import { type Node, startNode } from './node/node.ts';
import type { Phase } from './phases.ts';
import { createProcesses, type Processes } from './processes.ts';
import type { PhaseResult } from './result.ts';
import { createScenarios, endScenarios } from './scenarios/create-scenarios.ts';
import { followContainerd } from './scoring/container-runs.ts';
import { scorePhase } from './scoring/score-phase.ts';

/** After the last scenario: the slowest scrape, and the kubelet's last statuses. */
const settlingSeconds = 35;
/** After reconcile: one more scrape of the gateways. */
const lastScrapeSeconds = 7;

export interface PhaseSettings {
  /** For this phase alone. */
  readonly folder: string;
  /** Ends it early. */
  readonly signal: AbortSignal;
  readonly report: (line: string) => void;
}

/** Runs one phase on a node of its own and scores it; nothing of it runs when this settles. */
export async function runPhase(phase: Phase, settings: PhaseSettings): Promise<PhaseResult> {
  const { folder, signal, report } = settings;
  const { title, longestBackOff } = phase;
  mkdirSync(folder, { recursive: true });
  const processes = createProcesses(folder);
  report(`${title}: starting the node`);
  const node = await startNode({
    folder,
    processes,
    signal,
    ...(longestBackOff !== undefined && { longestBackOff }),
  });
  try {
    return await runOn(node, phase, processes, settings);
  } finally {
    await node.stop();
    await processes.stopAll();
  }
}

async function runOn(
  node: Node,
  phase: Phase,
  processes: Processes,
  { folder, signal, report }: PhaseSettings,
): Promise<PhaseResult> {
  const { api, server, certificates } = node;
  const started = { folder, processes, signal };
  const containerRuns = followContainerd(node.containerd.socket);
  const grant = (component: string, account: string) =>
    grantAccess(component, account, server, api, certificates);
  const watcher = await grant('watch', 'watch');
  const reconciler = await grant('schedule', 'reconcile');
  const { gateways, reconcile } = await startPaths({ ...started, watcher, reconciler });
  const kubeconfig = certificates.kubeconfig('kube-state-metrics', server, { certificate: 'admin' });
  const prometheus = await startMonitoring({ ...started, gateways, kubeconfig });

  const controlFolder = join(folder, 'control');
  mkdirSync(controlFolder);
  await createScenarios(api, phase.copies, controlFolder);
  report(`${phase.title}: the scenarios run for ${phase.seconds} s`);
  const seconds = await disrupt(phase, { node, containerRuns, processes, signal }, report);
  const [, load = Number.NaN] = loadavg();
  endScenarios(controlFolder);
  report(`${phase.title}: the scenarios end, ${settlingSeconds} s to settle`);
  await delay(settlingSeconds * 1000, undefined, { signal });
  await reconcile();
  await delay(lastScrapeSeconds * 1000, undefined, { signal });

  await containerRuns.close();
  const { auditLog } = node;
  const account = await scorePhase({ runs: containerRuns.runs, auditLog, prometheus, gateways });
  const paths = account.paths.map((path) => ({
    ...path,
    watchEnded: processes.endedByItself(watchOf[path.path]),
  }));
  return { title: phase.title, bounds: phase.bounds, seconds, load, ...account, paths };
}
