import type { Config } from '../../config.ts';
import { createFunctionMetrics } from '../../observability/function-metrics.ts';
import { createPushgateway } from '../../pushgateway/pushgateway.ts';
import { createRecordRestarts } from '../record-restarts.ts';
import type { Sink } from './sink.ts';

/** Records restarts in a Pushgateway. */
export function createPushSink(config: Config, url: URL): Sink {
  const { timeoutMilliseconds, connections } = config.pushgateway;
  const gateway = createPushgateway({ url, timeoutMilliseconds, connections });
  const recordRestarts = createRecordRestarts({
    gateway,
    families: config.families,
    grouping: config.grouping,
    metrics: createFunctionMetrics(),
    now: () => performance.now() / 1000,
  });
  return {
    taken: 'recorded',
    take: ({ restarts }) => recordRestarts(restarts),
    end: () => gateway.close(),
  };
}
