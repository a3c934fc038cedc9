import type { GroupingKey, GroupingSettings } from './grouping-key.ts';
import { familyHeader, labelPairs, sampleLine } from './text-format.ts';

/** Restarts of one container name in one Pod name that are unrecoverable. */
export interface Missed {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  /** At least 1. */
  readonly count: number;
}

/** The one group with the count of missed restarts: `{job="pod_monitor_audit"}`, with the constant labels. */
export function auditKey({ job, groupingLabels }: GroupingSettings): GroupingKey {
  return [['job', `${job}_audit`], ...groupingLabels];
}

const byContainer = 'pod_monitor_container_restarts_missed';
const total = 'pod_monitor_restarts_missed';

const byContainerHeader = familyHeader(
  byContainer,
  'Restarts of the container that happened and can no longer be recorded.',
  'gauge',
);
const totalHeader = familyHeader(
  total,
  'Restarts of all containers that happened and can no longer be recorded.',
  'gauge',
);

/**
 * What was missed, by container and in all, in the Prometheus text format.
 *
 * @param missed No two with the same names.
 */
export function missedExposition(missed: readonly Missed[]): string {
  const samples = missed.map(({ count, namespace, pod, container }) => {
    const labels = Object.entries({ namespace, pod, container });
    return sampleLine(byContainer, labelPairs(labels), count);
  });
  return `${byContainerHeader}${samples.join('')}\n${totalHeader}${sampleLine(total, '', missedTotal(missed))}`;
}

/** How many restarts are unrecoverable in all. */
export function missedTotal(missed: readonly Missed[]): number {
  return missed.reduce((sum, { count }) => sum + count, 0);
}
