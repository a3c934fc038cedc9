import type { TimeRange } from '../../ledger/history/history-source.ts';
import { localTime } from '../output/local-time.ts';
import { zoneLabel } from '../output/short-time.ts';
import type { Shown } from './shown.ts';

/** That there are no restarts, where they were looked for, and between which times: `22:00` can be of either day. */
export function noneFound({ source, range, zone }: Pick<Shown, 'source' | 'range' | 'zone'>): string {
  return `no restarts found in ${source.description}${textOf(range, zone)}`;
}

function textOf({ since, until }: TimeRange, zone: Shown['zone']): string {
  const times = [since, until].filter((time) => time !== undefined);
  if (times.length === 0) return '';
  const from = since === undefined ? [] : [`since ${localTime(since, zone)}`];
  const to = until === undefined ? [] : [`until ${localTime(until, zone)}`];
  return `, ${[...from, ...to].join(' ')} ${zoneLabel(zone, times)}`;
}
