import { escapeHelp } from '../../../metrics/escape.ts';
import { labelPairs } from '../../../metrics/text-format.ts';
import type { ExposedFamily, ExposedMetric, FamilyType, Labels, Point } from './exposed-family.ts';
import { formatGoFloat } from './go-float.ts';

/**
 * A family in the Prometheus text format 0.0.4, as `/metrics` of a program in Go has it.
 *
 * Source: https://github.com/prometheus/common/blob/main/expfmt/text_create.go
 */
export function writeExposition({ name, help, type, metrics }: ExposedFamily): string {
  const lines = metrics.flatMap((metric) => metricLines(name, type, metric));
  const helpLine = help === '' ? [] : [`# HELP ${name} ${escapeHelp(help)}`];
  return `${[...helpLine, `# TYPE ${name} ${type}`, ...lines].join('\n')}\n`;
}

function metricLines(name: string, type: FamilyType, { labels, value }: ExposedMetric): readonly string[] {
  if (value.kind === 'single') return [sample(name, labels, value.value)];
  const [part, boundLabel] = type === 'histogram' ? [`${name}_bucket`, 'le'] : [name, 'quantile'];
  const points = type === 'histogram' ? withInfinity(value.points, value.count) : value.points;
  return [
    ...points.map((point) =>
      sample(part, new Map([...labels, [boundLabel, formatGoFloat(point.bound)]]), point.value),
    ),
    sample(`${name}_sum`, labels, value.sum),
    sample(`${name}_count`, labels, value.count),
  ];
}

/** A histogram's last bucket counts everything; it is added where it was not pushed. */
function withInfinity(points: readonly Point[], count: number): readonly Point[] {
  const infinity = Number.POSITIVE_INFINITY;
  return points.some(({ bound }) => bound === infinity)
    ? points
    : [...points, { bound: infinity, value: count }];
}

function sample(name: string, labels: Labels, value: number): string {
  const braces = labels.size > 0 ? `{${labelPairs(labels)}}` : '';
  return `${name}${braces} ${value === 0 ? '0' : formatGoFloat(value)}`;
}
