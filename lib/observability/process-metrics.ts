import type { ExposedMetrics } from './metrics.ts';
import type { OwnMetric } from './own-metrics.ts';
import type { Registry } from './prometheus-client.ts';

/** Gauges with the suffix of a counter, which `promtool check metrics` refuses; each is the sum of another family. */
const misnamed = [
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
  'nodejs_active_resources_total',
];

/**
 * What `/metrics` answers: the process's own metrics, and those of the runtime. The latter are collected from the first answer
 * on, when the client library is loaded: it would delay a cold start, and it costs a timer and an observer of the garbage
 * collector that only a process needs that is scraped.
 */
export function exposeWithProcess(own: readonly OwnMetric[]): ExposedMetrics {
  let opened: Promise<Registry> | undefined;
  return {
    async exposition() {
      opened ??= openRegistry();
      const runtime = await (await opened).metrics();
      return own.map((metric) => metric.lines()).join('') + runtime;
    },
    contentType: 'text/plain; version=0.0.4; charset=utf-8',
  };
}

async function openRegistry(): Promise<Registry> {
  const { collectDefaultMetrics, Registry } = await import('./prometheus-client.ts');
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  for (const name of misnamed) registry.removeSingleMetric(name);
  return registry;
}
