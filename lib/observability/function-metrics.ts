import { createEventMetrics } from './event-metrics.ts';
import type { EventMetrics, ExposedMetrics, PushMetrics } from './metrics.ts';
import { exposeWithProcess } from './process-metrics.ts';
import { createPushMetrics } from './push-metrics.ts';

/** The metrics of a process that takes events and serves `/metrics`. */
export type FunctionMetrics = EventMetrics & PushMetrics & ExposedMetrics;

export function createFunctionMetrics(): FunctionMetrics {
  const events = createEventMetrics();
  const pushes = createPushMetrics();
  const { eventHandled, inFlight } = events;
  const { pushFinished } = pushes;
  return { eventHandled, inFlight, pushFinished, ...exposeWithProcess([...events.own, ...pushes.own]) };
}
