import type { Restart } from '../restarts/restart.ts';
import type { MetricFamily } from './families.ts';
import { familyLines } from './family-lines.ts';

/** What every sample has beside the family's own labels and value. */
export interface SampleContext {
  /** Labels before the family's own, as `labelPairs` gives them; none when left out. */
  readonly groupingLabels?: string;
  /** Unix milliseconds; no timestamp when left out. A Pushgateway refuses one. */
  readonly timestampMilliseconds?: number;
}

/**
 * The chosen families of one restart in the Prometheus text format 0.0.4. A family whose value is unknown is left out;
 * where all are, the text is empty.
 *
 * Source: https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
 */
export function exposition(
  restart: Restart,
  families: readonly MetricFamily[],
  { groupingLabels = '', timestampMilliseconds }: SampleContext = {},
): string {
  let text = '';
  for (const family of families) {
    const { header, samples } = familyLines(family);
    const lines = samples(restart, groupingLabels, timestampMilliseconds);
    if (lines !== '') text += `${text === '' ? '' : '\n'}${header}${lines}`;
  }
  return text;
}
