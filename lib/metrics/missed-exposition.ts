import { Gauge, Registry } from '../observability/prometheus-client.ts';
import type { GroupingKey, GroupingSettings } from './grouping-key.ts';

/** Restarts of one container name in one Pod name that nothing can tell of any more. */
export interface Missed {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  /** At least 1. */
  readonly count: number;
}

/** The one group that tells what was missed: `{job="pod_monitor_audit"}`, with the constant labels. */
export function auditKey({ job, groupingLabels }: GroupingSettings): GroupingKey {
  return [['job', `${job}_audit`], ...groupingLabels];
}

/** What was missed, by container and in all, in the Prometheus text format. */
export async function missedExposition(missed: readonly Missed[]): Promise<string> {
  const registry = new Registry();
  const registers = [registry];
  const byContainer = new Gauge({
    name: 'pod_monitor_container_restarts_missed',
    help: 'Restarts of the container that happened and can no longer be told of.',
    labelNames: ['namespace', 'pod', 'container'],
    registers,
  });
  const total = new Gauge({
    name: 'pod_monitor_restarts_missed',
    help: 'Restarts of all containers that happened and can no longer be told of.',
    registers,
  });
  for (const { namespace, pod, container, count } of missed) {
    byContainer.inc({ namespace, pod, container }, count);
    total.inc(count);
  }
  return await registry.metrics();
}

/** How many restarts are unrecoverable in all. */
export function missedTotal(missed: readonly Missed[]): number {
  return missed.reduce((sum, { count }) => sum + count, 0);
}
