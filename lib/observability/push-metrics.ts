import type { PushMetrics } from './metrics.ts';
import { Counter, durationBuckets, Histogram, type Registry } from './prometheus-client.ts';

export function createPushMetrics(registry: Registry): PushMetrics {
  const registers = [registry];
  const pushes = new Counter({
    name: 'restart_ledger_pushes_total',
    help: 'Pushes of records, by result; a restart that is pushed twice counts twice.',
    labelNames: ['result'],
    registers,
  });
  const pushSeconds = new Histogram({
    name: 'restart_ledger_push_duration_seconds',
    help: 'From the start of a push to the end of its answer.',
    buckets: durationBuckets,
    registers,
  });
  for (const result of ['accepted', 'refused', 'unavailable']) pushes.inc({ result }, 0);
  return {
    pushFinished(result, seconds) {
      pushes.inc({ result });
      pushSeconds.observe(seconds);
    },
  };
}
