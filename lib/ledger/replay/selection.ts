import { LedgerError } from '../../errors.ts';
import { parseLabelSelector } from '../../kubernetes/objects/label-selector.ts';
import type { LocalZone } from '../../local-zone.ts';
import { isObject } from '../../narrow.ts';
import { parseTime, timeExamples } from '../../parse-time.ts';
import type { Pod } from '../../restarts/pod.ts';
import { type Restart, restartTime } from '../../restarts/restart.ts';

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
  const from = since === undefined ? Number.NEGATIVE_INFINITY : timeOption('--since', since, clock);
  const to = until === undefined ? Number.POSITIVE_INFINITY : timeOption('--until', until, clock);
  const always = since === undefined && until === undefined;
  return {
    selectsPod(pod, object) {
      return (namespace === undefined || namespace.includes(pod.namespace)) && isLabelled(labelsOf(object));
    },
    selectsRestart(restart) {
      const time = restartTime(restart);
      return always || (time !== undefined && time >= from && time <= to);
    },
  };
}

function labelsOf(object: object): Readonly<Record<string, unknown>> {
  const metadata = 'metadata' in object ? object.metadata : undefined;
  const labels = isObject<{ labels: unknown }>(metadata) ? metadata.labels : undefined;
  return isObject<Record<string, unknown>>(labels) ? labels : {};
}

function timeOption(option: string, text: string, { nowSeconds, zone }: Clock): number {
  const time = parseTime(text, nowSeconds, zone);
  if (time !== undefined) return time;
  throw new LedgerError('usage', {
    operation: 'reading',
    subject: `the option ${option}`,
    fact: `${JSON.stringify(text)} is not a time`,
    remedy: `give one such as ${timeExamples}`,
  });
}
