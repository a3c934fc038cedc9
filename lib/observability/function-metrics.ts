import { createEventMetrics } from './event-metrics.ts';
import type { EventMetrics, ExposedMetrics, PushMetrics } from './metrics.ts';
import { exposeWithProcess } from './process-metrics.ts';
import { Registry } from './prometheus-client.ts';
import { createPushMetrics } from './push-metrics.ts';

/** The metrics of a process that takes events and serves `/metrics`. */
export type FunctionMetrics = EventMetrics & PushMetrics & ExposedMetrics;

export function createFunctionMetrics(): FunctionMetrics {
  const registry = new Registry();
  return { ...createEventMetrics(registry), ...createPushMetrics(registry), ...exposeWithProcess(registry) };
}
