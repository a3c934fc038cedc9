import type { Restart } from '../restarts/restart.ts';
import { escapeLabelValue } from './escape.ts';
import type { LabelValue, MetricFamily } from './families.ts';
import { familyHeader, histogramLines, sampleLine } from './text-format.ts';

/** A family as it is written: the constant parts are computed once. */
export interface FamilyLines {
  /** The HELP and TYPE lines of the text format. */
  readonly header: string;
  /** The same for OpenMetrics, which names a counter's family without `_total`. */
  readonly openMetricsHeader: string;
  /**
   * The samples of one restart in either format; empty when its value is unknown.
   *
   * @param groupingLabels Written before the family's own labels, as `labelPairs` gives them; may be empty.
   * @param timestamp In milliseconds for the text format, in seconds for OpenMetrics; none when left out.
   */
  samples(restart: Restart, groupingLabels: string, timestamp?: number): string;
}

/** Seconds: the Prometheus clients' default buckets, continued in the steps of the kubelet's back-off. */
const buckets: readonly number[] = [
  0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 80, 160, 300,
];

/** The most characters (UTF-16 code units) of a label's value: its text may come from a Pod at any length. */
const mostCharacters = 256;

const known = new WeakMap<MetricFamily, FamilyLines>();

export function familyLines(family: MetricFamily): FamilyLines {
  const lines = known.get(family) ?? linesOf(family);
  known.set(family, lines);
  return lines;
}

function linesOf({ name, help, type, labels, value }: MetricFamily): FamilyLines {
  const openings = Object.entries(labels).map(([label, textOf]) => [`${label}="`, textOf] as const);
  const openMetricsName = type === 'counter' ? name.replace(/_total$/, '') : name;
  return {
    header: familyHeader(name, help, type),
    openMetricsHeader: familyHeader(openMetricsName, help, type),
    samples(restart, groupingLabels, timestamp) {
      const found = value(restart);
      if (found === undefined) return '';
      const pairs = withLabels(groupingLabels, openings, restart);
      return type === 'histogram'
        ? histogramLines(name, pairs, found, buckets, timestamp)
        : sampleLine(name, pairs, found, timestamp);
    },
  };
}

function withLabels(
  groupingLabels: string,
  openings: readonly (readonly [opening: string, textOf: LabelValue])[],
  restart: Restart,
): string {
  let pairs = groupingLabels;
  for (const [opening, textOf] of openings) {
    pairs += `${pairs === '' ? '' : ','}${opening}${escapeLabelValue(cut(textOf(restart)))}"`;
  }
  return pairs;
}

/** A longer text is cut and ends with a mark; a character outside the Basic Multilingual Plane is kept whole or left out. */
function cut(text: string): string {
  if (text.length <= mostCharacters) return text;
  return `${text.slice(0, mostCharacters - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}
