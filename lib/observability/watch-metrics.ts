import type { ExposedMetrics, PushMetrics } from './metrics.ts';
import { exposeWithProcess } from './process-metrics.ts';
import { Counter, Gauge, Registry } from './prometheus-client.ts';
import { createPushMetrics } from './push-metrics.ts';

/** What a watch counts of itself, beside its pushes. */
export interface WatchMetrics extends PushMetrics, ExposedMetrics {
  podDelivered(): void;
  podRefused(): void;
  listed(): void;
  outage(): void;
}

export function createWatchMetrics(): WatchMetrics {
  const registry = new Registry();
  const registers = [registry];
  const pods = new Counter({
    name: 'restart_ledger_watch_pods_total',
    help: 'Pods with a restart, by whether they were delivered.',
    labelNames: ['result'],
    registers,
  });
  const outages = new Counter({
    name: 'restart_ledger_watch_outages_total',
    help: 'Watches or lists that failed; each is followed by a list of all Pods.',
    registers,
  });
  const listedAt = new Gauge({
    name: 'restart_ledger_watch_last_list_timestamp_seconds',
    help: 'When the last list of all Pods ended, in Unix seconds.',
    registers,
  });
  for (const result of ['delivered', 'refused']) pods.inc({ result }, 0);
  return {
    ...createPushMetrics(registry),
    ...exposeWithProcess(registry),
    podDelivered: () => pods.inc({ result: 'delivered' }),
    podRefused: () => pods.inc({ result: 'refused' }),
    listed: () => listedAt.setToCurrentTime(),
    outage: () => outages.inc(),
  };
}
