import { type Restart, restartTime } from '../restarts/restart.ts';
import type { MetricFamily } from './families.ts';
import { familyLines } from './family-lines.ts';
import { type GroupingSettings, groupingKey } from './grouping-key.ts';
import { labelPairs } from './text-format.ts';

/**
 * Restarts as OpenMetrics, each at its own time and with the labels that a scraped record has: what
 * `promtool tsdb create-blocks-from openmetrics` writes into a Prometheus. Restarts without a time are left out.
 *
 * Yields whole lines, some at a time, so that a history is never one text in memory.
 * Source: https://github.com/prometheus/OpenMetrics/blob/main/specification/OpenMetrics.md
 */
export function* openMetrics(
  restarts: readonly Restart[],
  families: readonly MetricFamily[],
  grouping: GroupingSettings,
): Generator<string, void, void> {
  for (const family of families) {
    const { openMetricsHeader, samples } = familyLines(family);
    yield openMetricsHeader;
    for (const restart of restarts) {
      const time = restartTime(restart);
      if (time !== undefined) yield samples(restart, labelPairs(groupingKey(restart, grouping)), time);
    }
  }
  yield '# EOF\n';
}
