import { LedgerError } from '../../errors.ts';
import { parseLabelSelector } from '../../kubernetes/objects/label-selector.ts';
import { isObject } from '../../narrow.ts';
import type { Pod } from '../../restarts/pod.ts';
import { type Restart, restartTime } from '../../restarts/restart.ts';
import { unixSeconds } from '../../rfc3339.ts';

/** Which Pods and which of their restarts a replay is about. */
export interface Selection {
  selectsPod(pod: Pod, object: object): boolean;
  /** A restart of which nobody knows the time is in no span of time. */
  selectsRestart(restart: Restart): boolean;
}

export interface SelectionOptions {
  readonly namespace?: readonly string[];
  readonly selector?: string;
  readonly since?: string;
  readonly until?: string;
}

/**
 * @param now Unix seconds.
 * @throws LedgerError `usage` when an option cannot be read.
 */
export function createSelection(
  { namespace, selector, since, until }: SelectionOptions,
  now: number,
): Selection {
  const isLabelled = selector === undefined ? () => true : parseLabelSelector(selector);
  const from = since === undefined ? Number.NEGATIVE_INFINITY : parseMoment('--since', since, now);
  const to = until === undefined ? Number.POSITIVE_INFINITY : parseMoment('--until', until, now);
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

const secondsOf: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** A time of RFC 3339, or how long ago: `30m`, `24h`, `7d`. */
function parseMoment(option: string, text: string, now: number): number {
  const [, count, unit = ''] = /^(\d{1,9})([smhd])$/.exec(text) ?? [];
  if (count !== undefined) return now - Number(count) * (secondsOf[unit] ?? 0);
  const time = unixSeconds(text);
  if (time !== undefined && !Number.isNaN(time)) return time;
  throw new LedgerError('usage', {
    operation: 'reading',
    subject: `the option ${option}`,
    fact: `${JSON.stringify(text)} is no time`,
    remedy: 'give a time such as 2026-11-20T10:00:00Z, or how long ago: 30m, 24h, 7d',
  });
}
