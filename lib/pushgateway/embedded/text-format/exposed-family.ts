/** A metric family as the text format has it. */
export interface ExposedFamily {
  readonly name: string;
  /** Empty when there is no HELP line. */
  readonly help: string;
  readonly type: FamilyType;
  /** In the order of the text. */
  readonly metrics: readonly ExposedMetric[];
}

export const familyTypes = ['counter', 'gauge', 'summary', 'untyped', 'histogram'] as const;
export type FamilyType = (typeof familyTypes)[number];

export interface ExposedMetric {
  /** Without `le` of a histogram and `quantile` of a summary. */
  readonly labels: Labels;
  readonly value: MetricValue;
  /** Whether its line had a timestamp. */
  readonly timestamped: boolean;
}

export type Labels = ReadonlyMap<string, string>;

export type MetricValue =
  | { readonly kind: 'single'; readonly value: number }
  /** A histogram's buckets (bound, cumulative count) or a summary's quantiles (quantile, value). */
  | {
      readonly kind: 'distribution';
      readonly points: readonly Point[];
      readonly sum: number;
      readonly count: number;
    };

export interface Point {
  readonly bound: number;
  readonly value: number;
}
