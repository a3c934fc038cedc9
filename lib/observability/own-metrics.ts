import { familyHeader, labelPairs, type MetricType, sampleLine } from '../metrics/text-format.ts';

/**
 * What a process counts of its own work: numbers that cost an addition each, and that are written as text only when somebody
 * asks for them. A client library costs more than the rest of an event's bookkeeping, and its load delays a cold start.
 */
export interface OwnMetric {
  /** In the Prometheus text format. */
  lines(): string;
}

export interface MetricName {
  readonly name: string;
  readonly help: string;
}

export interface Counter<Value extends string> extends OwnMetric {
  /** @param value Of the counter's one label. */
  inc(value: Value): void;
}

/** @param values Exposed from the start, so that a rate over the first increment is right. */
export function createCounter<Value extends string>(
  about: MetricName,
  label: string,
  values: readonly Value[],
): Counter<Value> {
  const counts = new Map<Value, number>(values.map((value) => [value, 0]));
  return {
    inc(value) {
      counts.set(value, (counts.get(value) ?? 0) + 1);
    },
    lines() {
      const samples = [...counts].map(([value, count]) =>
        sampleLine(about.name, labelPairs([[label, value]]), count),
      );
      return header(about, 'counter') + samples.join('');
    },
  };
}

/** @param value Read when it is asked for. */
export function createGauge(about: MetricName, value: () => number): OwnMetric {
  return { lines: () => header(about, 'gauge') + sampleLine(about.name, '', value()) };
}

/** A counter without labels. */
export function createTotal(about: MetricName): OwnMetric & { inc(): void } {
  let total = 0;
  return {
    inc() {
      total += 1;
    },
    lines: () => header(about, 'counter') + sampleLine(about.name, '', total),
  };
}

/** Upper bounds in seconds. */
const bounds: readonly number[] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** A histogram of durations. */
export function createDurations(about: MetricName): OwnMetric & { observe(seconds: number): void } {
  /** By the first bound that is not exceeded; the last is for what exceeds all. */
  const counts = [...bounds, Number.POSITIVE_INFINITY].map(() => 0);
  let sum = 0;
  return {
    observe(seconds) {
      let bucket = 0;
      while (seconds > (bounds[bucket] ?? Number.POSITIVE_INFINITY)) bucket += 1;
      counts[bucket] = (counts[bucket] ?? 0) + 1;
      sum += seconds;
    },
    lines() {
      const { name } = about;
      let text = header(about, 'histogram');
      let below = 0;
      for (const [index, count] of counts.entries()) {
        below += count;
        const bound = bounds[index];
        text += sampleLine(
          `${name}_bucket`,
          labelPairs([['le', bound === undefined ? '+Inf' : String(bound)]]),
          below,
        );
      }
      return `${text}${sampleLine(`${name}_sum`, '', sum)}${sampleLine(`${name}_count`, '', below)}`;
    },
  };
}

function header({ name, help }: MetricName, type: MetricType): string {
  return familyHeader(name, help, type);
}
