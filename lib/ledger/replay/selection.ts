import { parseLabelSelector } from '../../kubernetes/objects/label-selector.ts';
import type { LocalZone } from '../../local-zone.ts';
import { isObject } from '../../narrow.ts';
import { optionError } from '../../option-error.ts';
import { parseTimeRange, timeExamples } from '../../parse-time.ts';
import type { Pod } from '../../restarts/pod.ts';
import type { Restart } from '../../restarts/restart.ts';
import { isWithin, type TimeRange } from '../history/history-source.ts';

/** Which Pods and which of their restarts a replay is about. */
export interface Selection {
  selectsPod(pod: Pod, object: object): boolean;
  /** A restart whose time is unknown is in no time range. */
  selectsRestart(restart: Restart): boolean;
}

export interface SelectionOptions {
  readonly namespace?: readonly string[];
  readonly selector?: string;
  readonly since?: string;
  readonly until?: string;
}

/** The clock and the zone that `--since` and `--until` are read by. */
export interface Clock {
  readonly nowSeconds: number;
  readonly zone: LocalZone;
}

/** @throws LedgerError `usage` when an option cannot be read. */
export function createSelection(
  { namespace, selector, since, until }: SelectionOptions,
  clock: Clock,
): Selection {
  const isLabelled = selector === undefined ? () => true : parseLabelSelector(selector);
  const range = readTimeRange({ since, until }, clock);
  return {
    selectsPod(pod, object) {
      return (namespace === undefined || namespace.includes(pod.namespace)) && isLabelled(labelsOf(object));
    },
    selectsRestart: (restart) => isWithin(restart, range),
  };
}

function labelsOf(object: object): Readonly<Record<string, unknown>> {
  const metadata = 'metadata' in object ? object.metadata : undefined;
  const labels = isObject<{ labels: unknown }>(metadata) ? metadata.labels : undefined;
  return isObject<Record<string, unknown>>(labels) ? labels : {};
}

/**
 * @param option The option that the times come from, where it is another than `--since` and `--until`.
 * @throws LedgerError `usage` when an option is not a time, or the range ends before it starts.
 */
export function readTimeRange(
  { since, until }: { readonly since?: string | undefined; readonly until?: string | undefined },
  { nowSeconds, zone }: Clock,
  option?: string,
): TimeRange {
  const range = parseTimeRange({ since, until }, nowSeconds, zone);
  if (range.invalid === undefined) {
    if ((range.until ?? Number.POSITIVE_INFINITY) < (range.since ?? 0)) {
      const fact = `${JSON.stringify(until)} is before --since ${JSON.stringify(since)}`;
      throw optionError('--until', fact, 'exchange them');
    }
    return { since: range.since, until: range.until };
  }
  const text = range.invalid === 'since' ? since : until;
  const fact = `${JSON.stringify(text ?? '')} is not a time`;
  throw optionError(option ?? `--${range.invalid}`, fact, `give one such as ${timeExamples}`);
}
