import type { ExposedMetrics, PushMetrics } from './metrics.ts';
import { createCounter, createGauge, createTotal } from './own-metrics.ts';
import { exposeWithProcess } from './process-metrics.ts';
import { createPushMetrics } from './push-metrics.ts';

/** What a watch counts of itself, beside its pushes. */
export interface WatchMetrics extends PushMetrics, ExposedMetrics {
  podDelivered(): void;
  podRefused(): void;
  listed(): void;
  outage(): void;
}

export function createWatchMetrics(): WatchMetrics {
  const pods = createCounter<'delivered' | 'refused'>(
    {
      name: 'restart_ledger_watch_pods_total',
      help: 'Pods with a restart, by whether they were delivered.',
    },
    'result',
    ['delivered', 'refused'],
  );
  const outages = createTotal({
    name: 'restart_ledger_watch_outages_total',
    help: 'Watches or lists that failed; each is followed by a list of all Pods.',
  });
  let listedAt = 0;
  const lastList = createGauge(
    {
      name: 'restart_ledger_watch_last_list_timestamp_seconds',
      help: 'When the last list of all Pods ended, in Unix seconds.',
    },
    () => listedAt,
  );
  const { own, pushFinished } = createPushMetrics();
  return {
    pushFinished,
    ...exposeWithProcess([pods, outages, lastList, ...own]),
    podDelivered: () => pods.inc('delivered'),
    podRefused: () => pods.inc('refused'),
    listed() {
      listedAt = Date.now() / 1000;
    },
    outage: outages.inc,
  };
}
