import type { InstantQuery, Labels } from './prometheus.ts';

/** One record, as Prometheus has it. */
export interface RestartRecord {
  readonly namespace: string;
  readonly pod: string;
  readonly uid: string;
  readonly container: string;
  readonly ordinal: number;
  /** Unix seconds; 0 when unknown. */
  readonly endedAt: number;
  readonly exitCode: number;
  readonly reason: string;
  /** Without `containerd://`; empty when unknown. */
  readonly containerId: string;
}

function recordOf(labels: Labels): RestartRecord {
  const [ordinal, endedAt] = (labels['restart_id'] ?? '').split('_').map(Number);
  return {
    namespace: labels['namespace'] ?? '',
    pod: labels['pod'] ?? '',
    uid: labels['uid'] ?? '',
    container: labels['container'] ?? '',
    ordinal: ordinal ?? Number.NaN,
    endedAt: endedAt ?? Number.NaN,
    exitCode: Number(labels['exit_code']),
    reason: labels['reason'] ?? '',
    containerId: (labels['container_id'] ?? '').split('//').at(-1) ?? '',
  };
}

/** The records that Prometheus has scraped from one path's gateway. */
export async function scrapedRecords(query: InstantQuery, path: string): Promise<readonly RestartRecord[]> {
  const found = await query(`last_over_time(pod_monitor_container_restart_details{path="${path}"}[1d])`);
  return found.map(({ metric }) => recordOf(metric));
}

/** The records that one gateway has stored at the end, and how many the last reconcile has counted as missed. */
export interface Held {
  readonly records: readonly RestartRecord[];
  readonly missed: number;
}

interface StoredGroup {
  readonly labels: Labels;
  readonly [family: string]: { readonly metrics?: readonly StoredMetric[] } | Labels;
}

interface StoredMetric {
  readonly labels?: Labels;
  readonly value?: string;
}

/** https://github.com/prometheus/pushgateway#query-api */
export async function heldBy(gateway: string): Promise<Held> {
  const answer = await fetch(`${gateway}/api/v1/metrics`);
  const { data }: { data: readonly StoredGroup[] } = JSON.parse(await answer.text());
  const metricsOf = (group: StoredGroup, family: string): readonly StoredMetric[] => {
    const stored = group[family];
    return stored !== undefined && Array.isArray(stored.metrics) ? stored.metrics : [];
  };
  const records = data.flatMap((group) =>
    metricsOf(group, 'pod_monitor_container_restart_details').map(({ labels = {} }) => recordOf(labels)),
  );
  const missed = data
    .flatMap((group) => metricsOf(group, 'pod_monitor_restarts_missed'))
    .reduce((sum, { value }) => sum + Number(value), 0);
  return { records, missed };
}
