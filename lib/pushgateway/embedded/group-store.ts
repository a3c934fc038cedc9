import { createSeriesIndex } from './series-index.ts';
import type { ExposedFamily, Labels } from './text-format/exposed-family.ts';

/** A group: what has been pushed under one grouping key. */
export interface Group {
  readonly labels: Labels;
  readonly families: ReadonlyMap<string, StoredFamily>;
  readonly lastPushSuccessful: boolean;
}

export interface StoredFamily extends ExposedFamily {
  /** When it was pushed, in Unix milliseconds. */
  readonly pushedAt: number;
}

/**
 * The groups of a gateway, in memory. Every call is atomic; what was read is not changed by later writes.
 */
export interface GroupStore {
  /**
   * Adds families to a group; they replace those of the same names, or with `replace` all.
   * @returns why the push is refused; `undefined` when it was stored. A refusal is noted in the group.
   */
  push(labels: Labels, families: readonly ExposedFamily[], replace: boolean): string | undefined;
  delete(labels: Labels): void;
  /** In the order of their first pushes. */
  groups(): readonly Group[];
}

interface MutableGroup {
  readonly labels: Labels;
  readonly families: Map<string, StoredFamily>;
  lastPushSuccessful: boolean;
}

export const pushTime = 'push_time_seconds';
const pushFailureTime = 'push_failure_time_seconds';

const help: Readonly<Record<string, string>> = {
  [pushTime]: 'Last Unix time when changing this group in the Pushgateway succeeded.',
  [pushFailureTime]: 'Last Unix time when changing this group in the Pushgateway failed.',
};

/** @param nowMilliseconds Unix milliseconds. */
export function createGroupStore(nowMilliseconds: () => number): GroupStore {
  const groups = new Map<string, MutableGroup>();
  const index = createSeriesIndex();

  function groupOf(labels: Labels): MutableGroup {
    const key = keyOf(labels);
    const group = groups.get(key) ?? { labels, families: new Map(), lastPushSuccessful: true };
    groups.set(key, group);
    return group;
  }

  function noteTime(group: MutableGroup, name: string, seconds: number): void {
    const value = { kind: 'single', value: seconds } as const;
    const metrics = [{ labels: seriesLabels(new Map(), group.labels), timestamped: false, value }];
    group.families.set(name, {
      name,
      help: help[name] ?? '',
      type: 'gauge',
      metrics,
      pushedAt: nowMilliseconds(),
    });
  }

  return {
    push(labels, families, replace) {
      const known = groups.get(keyOf(labels));
      const pushed = families.map((family) => labelled(family, labels)).filter(({ name }) => !(name in help));
      const replaced = [...(known?.families.values() ?? [])].filter(
        ({ name }) => !(name in help) && (replace || pushed.some((family) => family.name === name)),
      );
      const fault = faultOf(families) ?? index.exchange(replaced, pushed);
      const group = groupOf(labels);
      group.lastPushSuccessful = fault === undefined;
      const [succeeded, failed] =
        fault === undefined ? [pushTime, pushFailureTime] : [pushFailureTime, pushTime];
      if (fault === undefined) {
        for (const { name } of replaced) group.families.delete(name);
        for (const family of pushed)
          group.families.set(family.name, { ...family, pushedAt: nowMilliseconds() });
      }
      noteTime(group, succeeded, nowMilliseconds() / 1000);
      if (!group.families.has(failed)) noteTime(group, failed, 0);
      return fault;
    },
    delete(labels) {
      const families = groups.get(keyOf(labels))?.families.values() ?? [];
      index.exchange(
        [...families].filter(({ name }) => !(name in help)),
        [],
      );
      groups.delete(keyOf(labels));
    },
    groups: () => [...groups.values()],
  };
}

function faultOf(families: readonly ExposedFamily[]): string | undefined {
  const timestamped = families.some(({ metrics }) => metrics.some((metric) => metric.timestamped));
  return timestamped ? 'pushed metrics must not have timestamps' : undefined;
}

function labelled(family: ExposedFamily, groupLabels: Labels): ExposedFamily {
  const metrics = family.metrics.map((metric) => ({
    ...metric,
    labels: seriesLabels(metric.labels, groupLabels),
  }));
  return { ...family, metrics };
}

/** Grouping labels override pushed ones, and an empty instance keeps a scraper from setting its own. */
function seriesLabels(labels: Labels, groupLabels: Labels): Labels {
  const merged = new Map([['instance', ''], ...labels, ...groupLabels]);
  return new Map([...merged].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function keyOf(labels: Labels): string {
  return JSON.stringify([...labels].sort(([a], [b]) => (a < b ? -1 : 1)));
}
