import { escapeHelp, escapeLabelValue } from './escape.ts';

/**
 * The lines that the Prometheus text format 0.0.4 and OpenMetrics 1.0 have in common, byte for byte as `prom-client`
 * writes them. Each ends with a line feed.
 *
 * Sources: https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format and
 * https://github.com/prometheus/OpenMetrics/blob/main/specification/OpenMetrics.md
 */

export type MetricType = 'counter' | 'gauge' | 'histogram';

/** The lines before the samples of a family. */
export function familyHeader(name: string, help: string, type: MetricType): string {
  return `# HELP ${name} ${escapeHelp(help)}\n# TYPE ${name} ${type}\n`;
}

/** Labels as they are written in braces, in the order given; empty when there are none. */
export function labelPairs(labels: Iterable<readonly [name: string, value: string]>): string {
  let pairs = '';
  for (const [name, value] of labels) {
    pairs += `${pairs === '' ? '' : ','}${name}="${escapeLabelValue(value)}"`;
  }
  return pairs;
}

/**
 * One sample.
 *
 * @param labels As {@link labelPairs} gives them.
 * @param timestamp In milliseconds for the text format, in seconds for OpenMetrics; none when left out.
 */
export function sampleLine(name: string, labels: string, value: number, timestamp?: number): string {
  const braces = labels === '' ? '' : `{${labels}}`;
  return `${name}${braces} ${numberText(value)}${timestamp === undefined ? '' : ` ${timestamp}`}\n`;
}

/** A histogram that has observed one finite value. Takes what {@link sampleLine} takes. */
export function histogramLines(
  name: string,
  labels: string,
  observed: number,
  bounds: readonly number[],
  timestamp?: number,
): string {
  const others = labels === '' ? '' : `,${labels}`;
  let lines = '';
  for (const bound of [...bounds, Number.POSITIVE_INFINITY]) {
    const bucket = `le="${numberText(bound)}"${others}`;
    lines += sampleLine(`${name}_bucket`, bucket, observed <= bound ? 1 : 0, timestamp);
  }
  const sum = sampleLine(`${name}_sum`, labels, observed, timestamp);
  return `${lines}${sum}${sampleLine(`${name}_count`, labels, 1, timestamp)}`;
}

/** `Nan` is prom-client's spelling; parsers accept any case. */
function numberText(value: number): string {
  if (Number.isFinite(value)) return String(value);
  return Number.isNaN(value) ? 'Nan' : value > 0 ? '+Inf' : '-Inf';
}
