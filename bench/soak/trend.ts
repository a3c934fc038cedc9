import type { Sample } from './sample.ts';

export type Measure = Exclude<keyof Sample, 'seconds'>;

/** How a measure has developed over the second half of a run, when everything has been used that is going to be. */
export interface Trend {
  readonly first: number;
  readonly last: number;
  /** Of the whole second half. */
  readonly highest: number;
  /** From `first` to `last`, as a part of `first`. */
  readonly growth: number;
}

const windows = 30;

/**
 * The line through the second half, by the median of the slopes between any two of its windows, so that no single
 * outage bends it (https://en.wikipedia.org/wiki/Theil%E2%80%93Sen_estimator). `of` makes one value of a window's.
 */
export function trendOf(
  samples: readonly Sample[],
  measure: Measure,
  of: (values: readonly number[]) => number,
): Trend {
  const end = samples.at(-1)?.seconds ?? 0;
  const start = end / 2;
  const length = (end - start) / windows;
  const points: (readonly [at: number, value: number])[] = [];
  for (let index = 0; index < windows; index += 1) {
    const from = start + index * length;
    const within = samples.filter(({ seconds }) => seconds >= from && seconds <= from + length);
    if (within.length > 0) points.push([index, of(within.map((sample) => sample[measure]))]);
  }
  const slopes = points.flatMap(([at, value], index) =>
    points.slice(index + 1).map(([later, next]) => (next - value) / (later - at)),
  );
  const slope = median(slopes);
  const first = median(points.map(([at, value]) => value - slope * at));
  const last = first + slope * (windows - 1);
  const highest = Math.max(
    ...samples.filter(({ seconds }) => seconds >= start).map((sample) => sample[measure]),
  );
  return { first, last, highest, growth: (last - first) / first };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

export const floor = (values: readonly number[]) => Math.min(...values);
