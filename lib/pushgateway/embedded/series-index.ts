import type { ExposedFamily, ExposedMetric, FamilyType } from './text-format/exposed-family.ts';

/**
 * What a push has to be consistent with, so that checking it costs the same however much is stored: the type of each
 * stored family name, and every series. That is all that a consistent scrape needs: one type a name, no name
 * that a histogram or summary uses for its parts, no series twice.
 *
 * Source: `checkMetricConsistency` and `checkSuffixCollisions` in
 * https://github.com/prometheus/client_golang/blob/main/prometheus/registry.go
 */
export interface SeriesIndex {
  /**
   * Removes families and adds others.
   * @returns why that is inconsistent, in which case nothing has changed; else `undefined`.
   */
  exchange(removed: readonly ExposedFamily[], added: readonly ExposedFamily[]): string | undefined;
}

export function createSeriesIndex(): SeriesIndex {
  const types = new Map<string, { readonly type: FamilyType; groups: number }>();
  const series = new Set<string>();

  function add({ name, type, metrics }: ExposedFamily): void {
    const known = types.get(name);
    if (known === undefined) types.set(name, { type, groups: 1 });
    else known.groups += 1;
    for (const metric of metrics) series.add(seriesKey(name, metric));
  }

  function remove({ name, metrics }: ExposedFamily): void {
    const known = types.get(name);
    if (known !== undefined) known.groups -= 1;
    if (known?.groups === 0) types.delete(name);
    for (const metric of metrics) series.delete(seriesKey(name, metric));
  }

  function faultOf({ name, type, metrics }: ExposedFamily): string | undefined {
    const known = types.get(name);
    if (known !== undefined && known.type !== type) {
      return `collected metric ${JSON.stringify(name)} is not a ${known.type.toUpperCase()}`;
    }
    const own = new Set<string>();
    for (const metric of metrics) {
      const key = seriesKey(name, metric);
      if (series.has(key) || own.has(key)) {
        return `collected metric ${JSON.stringify(name)} was collected before with the same name and label values`;
      }
      own.add(key);
    }
    return collisionOf(name, type);
  }

  function collisionOf(name: string, type: FamilyType): string | undefined {
    for (const [suffix, wholes] of parts) {
      const whole = name.endsWith(suffix) ? name.slice(0, -suffix.length) : '';
      const wholeType = types.get(whole)?.type;
      if (wholeType !== undefined && wholes.includes(wholeType)) {
        return collision(name, `${wholeType} named ${JSON.stringify(whole)}`);
      }
      const part = `${name}${suffix}`;
      if (wholes.includes(type) && types.has(part)) {
        return collision(name, `metric named ${JSON.stringify(part)}`);
      }
    }
    return undefined;
  }

  return {
    exchange(removed, added) {
      for (const family of removed) remove(family);
      const done: ExposedFamily[] = [];
      for (const family of added) {
        const fault = faultOf(family);
        if (fault !== undefined) {
          for (const undone of done) remove(undone);
          for (const restored of removed) add(restored);
          return fault;
        }
        add(family);
        done.push(family);
      }
      return undefined;
    },
  };
}

/** The suffixes of the further names that a family of these types uses. */
const parts: readonly (readonly [suffix: string, types: readonly FamilyType[]])[] = [
  ['_count', ['summary', 'histogram']],
  ['_sum', ['summary', 'histogram']],
  ['_bucket', ['histogram']],
];

function collision(name: string, other: string): string {
  return `collected metric named ${JSON.stringify(name)} collides with previously collected ${other}`;
}

function seriesKey(name: string, { labels }: ExposedMetric): string {
  return JSON.stringify([name, ...labels]);
}
