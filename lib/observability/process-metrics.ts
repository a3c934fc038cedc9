import type { ExposedMetrics } from './metrics.ts';
import { collectDefaultMetrics, type Registry } from './prometheus-client.ts';

/** Gauges with the suffix of a counter, which `promtool check metrics` refuses; each is the sum of another family. */
const misnamed = [
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
  'nodejs_active_resources_total',
];

/**
 * What `/metrics` answers: the metrics of the registry, and those of the process, which are collected from then on. That
 * costs a timer and an observer of the garbage collector: only for a process that serves them.
 */
export function exposeWithProcess(registry: Registry): ExposedMetrics {
  collectDefaultMetrics({ register: registry });
  for (const name of misnamed) registry.removeSingleMetric(name);
  return { exposition: () => registry.metrics(), contentType: registry.contentType };
}
