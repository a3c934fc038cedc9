import type { PushMetrics, PushResult } from './metrics.ts';
import { createCounter, createDurations, type OwnMetric } from './own-metrics.ts';

export function createPushMetrics(): { readonly own: readonly OwnMetric[] } & PushMetrics {
  const pushes = createCounter<PushResult>(
    {
      name: 'restart_ledger_pushes_total',
      help: 'Pushes of records, by result; a restart that is pushed twice counts twice.',
    },
    'result',
    ['accepted', 'refused', 'unavailable'],
  );
  const pushSeconds = createDurations({
    name: 'restart_ledger_push_duration_seconds',
    help: 'From the start of a push to the end of its answer.',
  });
  return {
    own: [pushes, pushSeconds],
    pushFinished(result, seconds) {
      pushes.inc(result);
      pushSeconds.observe(seconds);
    },
  };
}
