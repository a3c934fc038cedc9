import { type Restart, restartTime } from '../restarts/restart.ts';
import { exposition } from './exposition.ts';
import type { MetricFamily } from './families.ts';
import { type GroupingSettings, groupingKey } from './grouping-key.ts';

/**
 * Restarts as OpenMetrics, each at its own time and with the labels that a scraped record has: what
 * `promtool tsdb create-blocks-from openmetrics` writes into a Prometheus. Restarts without a time are left out.
 *
 * Source: https://github.com/prometheus/OpenMetrics/blob/main/specification/OpenMetrics.md
 */
export async function* openMetricsLines(
  restarts: readonly Restart[],
  families: readonly MetricFamily[],
  grouping: GroupingSettings,
): AsyncGenerator<string, void, void> {
  const timed = restarts.filter((restart) => restartTime(restart) !== undefined);
  for (const family of families) {
    const { name, type, help } = family;
    const told = type === 'counter' ? name.replace(/_total$/, '') : name;
    yield `# TYPE ${told} ${type}`;
    yield `# HELP ${told} ${help}`;
    for (const restart of timed) {
      const labels = groupingKey(restart, grouping).map(([label, value]) => `${label}="${escaped(value)}"`);
      for (const line of (await exposition(restart, [family])).split('\n')) {
        if (line === '' || line.startsWith('#')) continue;
        const brace = line.indexOf('{') + 1;
        yield `${line.slice(0, brace)}${labels.join(',')},${line.slice(brace)} ${restartTime(restart)}`;
      }
    }
  }
  yield '# EOF';
}

function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
