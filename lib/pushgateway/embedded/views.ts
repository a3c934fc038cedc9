import type { Group, StoredFamily } from './group-store.ts';
import type { ExposedFamily, ExposedMetric, FamilyType, Point } from './text-format/exposed-family.ts';
import { formatGoFloat } from './text-format/go-float.ts';
import { writeExposition } from './text-format/write.ts';

/** What `/metrics` shows: every family once, by name, with the series of all groups by their label values. */
export function metricsText(groups: readonly Group[]): string {
  const families = new Map<string, ExposedFamily & { readonly metrics: ExposedMetric[] }>();
  for (const group of groups) {
    for (const family of group.families.values()) {
      const merged = families.get(family.name);
      if (merged === undefined) families.set(family.name, { ...family, metrics: [...family.metrics] });
      else merged.metrics.push(...family.metrics);
    }
  }
  const byName = [...families.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const { metrics } of byName) metrics.sort(byLabels);
  return byName.map(writeExposition).join('');
}

/** Source: `MetricSorter` in https://github.com/prometheus/client_golang/blob/main/prometheus/internal/metric.go */
function byLabels(a: ExposedMetric, b: ExposedMetric): number {
  if (a.labels.size !== b.labels.size) return a.labels.size - b.labels.size;
  const others = b.labels.values();
  for (const value of a.labels.values()) {
    const other = others.next().value ?? '';
    if (value !== other) return value < other ? -1 : 1;
  }
  return 0;
}

/** What `/api/v1/metrics` shows. Source: https://github.com/prometheus/pushgateway#query-api */
export function metricsJson(groups: readonly Group[]): string {
  const data = groups.map(({ labels, families, lastPushSuccessful }) => ({
    labels: Object.fromEntries(labels),
    last_push_successful: lastPushSuccessful,
    ...Object.fromEntries([...families].map(([name, family]) => [name, familyJson(family)])),
  }));
  return JSON.stringify({ status: 'success', data });
}

function familyJson({ type, help, metrics, pushedAt }: StoredFamily): object {
  return {
    time_stamp: new Date(pushedAt).toISOString(),
    type: type.toUpperCase(),
    ...(help !== '' && { help }),
    metrics: metrics.map((metric) => metricJson(type, metric)),
  };
}

function metricJson(type: FamilyType, { labels, value }: ExposedMetric): object {
  const labelled = { labels: Object.fromEntries(labels) };
  if (value.kind === 'single') return { ...labelled, value: formatGoFloat(value.value) };
  const points = pointsJson(value.points, type === 'histogram' ? String : formatGoFloat);
  return {
    ...labelled,
    [type === 'histogram' ? 'buckets' : 'quantiles']: points,
    sum: formatGoFloat(value.sum),
    count: String(value.count),
  };
}

function pointsJson(points: readonly Point[], format: (value: number) => string): object {
  return Object.fromEntries(points.map(({ bound, value }) => [formatGoFloat(bound), format(value)]));
}
