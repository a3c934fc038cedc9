import { Counter, Gauge, Histogram, Registry } from '../observability/prometheus-client.ts';
import type { Restart } from '../restarts/restart.ts';
import type { MetricFamily } from './families.ts';

/** Seconds: the Prometheus clients' default buckets, carried on in the steps of the kubelet's back-off. */
const buckets: readonly number[] = [
  0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 80, 160, 300,
];

/**
 * The chosen families of one restart in the Prometheus text format 0.0.4, without the labels of the grouping key.
 *
 * A family whose value is not known is left out; when none is known the text holds no sample.
 * Source: https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
 */
export async function exposition(restart: Restart, families: readonly MetricFamily[]): Promise<string> {
  const registry = new Registry();
  for (const family of families) {
    const value = family.value(restart);
    if (value !== undefined) addSample(registry, family, restart, value);
  }
  return await registry.metrics();
}

function addSample(registry: Registry, family: MetricFamily, restart: Restart, value: number): void {
  const { name, help, type } = family;
  const labels = Object.fromEntries(
    Object.entries(family.labels).map(([label, textOf]) => [label, textOf(restart)]),
  );
  const configuration = { name, help, labelNames: Object.keys(labels), registers: [registry] };
  switch (type) {
    case 'counter':
      new Counter(configuration).inc(labels, value);
      break;
    case 'gauge':
      new Gauge(configuration).set(labels, value);
      break;
    case 'histogram':
      new Histogram({ ...configuration, buckets: [...buckets] }).observe(labels, value);
      break;
  }
}
