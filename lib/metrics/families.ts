import { goDuration } from '../restarts/go-duration.ts';
import { downSeconds, type Restart, restartTime, runSeconds } from '../restarts/restart.ts';

/**
 * One family of the metrics that a restart turns into.
 *
 * `labels` are those beyond the grouping key, by name; `value` is `undefined` where the restart's status does not
 * show it yet, and the family is then left out of the push.
 */
export interface MetricFamily {
  /** How the `METRICS` setting names it. */
  readonly shortName: string;
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly byDefault: boolean;
  readonly labels: Readonly<Record<string, LabelValue>>;
  readonly value: (restart: Restart) => number | undefined;
}

/** The text of one label; empty when unknown. */
export type LabelValue = (restart: Restart) => string;

const reason: LabelValue = (restart) => restart.reason;
const exitCode: LabelValue = (restart) => String(restart.exitCode);
const restartCount: LabelValue = (restart) => String(restart.ordinal);
const containerId: LabelValue = (restart) => restart.containerId;
const finishedAt: LabelValue = (restart) => rfc3339(restart.finishedAt);
const startedAt: LabelValue = (restart) => rfc3339(restart.startedAt);
const one = () => 1;

export const metricFamilies: readonly MetricFamily[] = [
  {
    shortName: 'total',
    name: 'pod_monitor_container_restart_total',
    help: 'Always 1: this restart. The sum over restarts is their number.',
    type: 'counter',
    byDefault: true,
    labels: { reason },
    value: one,
  },
  {
    shortName: 'events',
    name: 'pod_monitor_container_restart_events',
    help: 'When the container ended (else when it ran again), in Unix seconds.',
    type: 'gauge',
    byDefault: true,
    labels: { reason, exit_code: exitCode, restart_count: restartCount },
    value: restartTime,
  },
  {
    shortName: 'details',
    name: 'pod_monitor_container_restart_details',
    help: 'Always 1: the labels describe the restart.',
    type: 'gauge',
    byDefault: true,
    labels: {
      restart_count: restartCount,
      finished_time: finishedAt,
      reason,
      exit_code: exitCode,
      duration: (restart) => duration(runSeconds(restart)),
      container_type: (restart) => restart.containerKind,
      container_id: containerId,
      node: (restart) => restart.node,
      image: (restart) => restart.image,
      owner_kind: (restart) => restart.ownerKind,
      owner_name: (restart) => restart.ownerName,
      workload: (restart) => restart.workload,
      workload_type: (restart) => restart.workloadType,
    },
    value: one,
  },
  {
    shortName: 'event',
    name: 'pod_monitor_container_restart_event',
    help: 'When the container ended (else when it ran again), in Unix seconds, with its container ID.',
    type: 'gauge',
    byDefault: false,
    labels: { reason, exit_code: exitCode, container_id: containerId },
    value: restartTime,
  },
  {
    shortName: 'time',
    name: 'pod_monitor_container_restart_time',
    help: 'Seconds from the end of the container to its next start.',
    type: 'histogram',
    byDefault: false,
    labels: { reason, exit_code: exitCode },
    value: downSeconds,
  },
  {
    shortName: 'info',
    name: 'pod_monitor_container_restart_info',
    help: 'Always 1: the labels give when the container started and ended.',
    type: 'gauge',
    byDefault: false,
    labels: {
      reason,
      exit_code: exitCode,
      finished_at: finishedAt,
      started_at: startedAt,
      restart_count: restartCount,
    },
    value: one,
  },
];

/** Unix seconds as RFC 3339 in UTC, `2026-11-20T10:00:00Z`; empty when unknown. */
export function rfc3339(unixSeconds: number | undefined): string {
  return unixSeconds === undefined ? '' : new Date(unixSeconds * 1000).toISOString().replace('.000Z', 'Z');
}

/** Seconds in Go's notation, `1h2m3s`; empty when unknown. */
export function duration(seconds: number | undefined): string {
  return seconds === undefined ? '' : goDuration(seconds);
}
