import { LedgerError } from '../../errors.ts';
import { isObject } from '../../narrow.ts';
import { type HistoryRow, workloadCell } from '../output/restart-table.ts';

const details = 'pod_monitor_container_restart_details';

/**
 * The restart history as a Pushgateway stores it, unordered.
 * Source: https://github.com/prometheus/pushgateway#query-api
 *
 * @throws LedgerError `gateway-unavailable` when the answer is not a list of groups.
 */
export async function storedHistory(
  gatewayUrl: string,
  fetch: typeof globalThis.fetch,
): Promise<HistoryRow[]> {
  const url = new URL('api/v1/metrics', gatewayUrl);
  const body: unknown = await (await fetch(url)).json();
  if (!isObject<{ data: unknown }>(body) || !Array.isArray(body.data)) {
    const fact = 'the answer is not a list of groups';
    const remedy = 'check that a Pushgateway is there';
    throw new LedgerError('gateway-unavailable', { operation: 'reading', subject: url.href, fact, remedy });
  }
  return body.data.flatMap(detailLabels).map(rowOf);
}

/** The labels of a group's details, those of its grouping key among them. */
function detailLabels(group: unknown): readonly Readonly<Record<string, unknown>>[] {
  if (!isObject<Record<string, unknown>>(group)) return [];
  const family = group[details];
  if (!isObject<{ metrics: unknown }>(family) || !Array.isArray(family.metrics)) return [];
  return family.metrics.flatMap((metric: unknown) =>
    isObject<{ labels: unknown }>(metric) && isObject<Record<string, unknown>>(metric.labels)
      ? [metric.labels]
      : [],
  );
}

function rowOf(labels: Readonly<Record<string, unknown>>): HistoryRow {
  const text = (label: string): string => String(labels[label] ?? '');
  return {
    namespace: text('namespace'),
    workload: workloadCell(text('workload_type'), text('workload')),
    pod: text('pod'),
    uid: text('uid'),
    container: text('container'),
    kind: text('container_type'),
    ordinal: text('restart_count'),
    exitCode: text('exit_code'),
    reason: text('reason'),
    ended: text('finished_time'),
    ran: text('duration'),
  };
}
