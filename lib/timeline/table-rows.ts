import { restartTime, runSeconds } from '../restarts/restart.ts';
import { readableDuration } from './readable-duration.ts';
import { shortImage } from './short-image.ts';
import { groupName, type ShownRestart } from './timeline-data.ts';
import { dateIn, timeIn, type Zone } from './zone.ts';

/** The head of the table beneath the timeline. */
export const columns = [
  'Time',
  'Workload',
  'Pod',
  'Container',
  'No.',
  'Reason',
  'Exit',
  'Ran',
  'Node',
  'Image',
] as const;

/** The column that shows the time of day. */
export const timeColumn = columns.indexOf('Time');

/** The column that shows the mark of the reason. */
export const reasonColumn = columns.indexOf('Reason');

export interface TableDay {
  /** `Friday 20 November 2026`, or that the time is unknown. */
  readonly title: string;
  /** The latest first. */
  readonly restarts: readonly ShownRestart[];
}

/** The days of a zone on which something restarted, the latest first; what has no time comes last. */
export function tableDays(restarts: readonly ShownRestart[], zone: Zone): readonly TableDay[] {
  const days = Map.groupBy(restarts.toSorted(latestFirst), (restart) => dayTitle(restartTime(restart), zone));
  return [...days].map(([title, ofDay]) => ({ title, restarts: ofDay }));
}

/** The time of day of a restart in a zone; empty when it is unknown. */
export function timeCell(restart: ShownRestart, zone: Zone): string {
  const time = restartTime(restart);
  return time === undefined ? '' : timeIn(zone, time).slice(11);
}

/** The cells of a restart, one for each of the columns; an empty one is unknown. */
export function tableCells(restart: ShownRestart, zone: Zone): readonly string[] {
  const { lane, ordinal, reason, exitCode, node, image } = restart;
  return [
    timeCell(restart, zone),
    groupName(lane),
    lane.pod,
    lane.container,
    String(ordinal),
    reason,
    String(exitCode),
    readableDuration(runSeconds(restart)),
    node,
    shortImage(image),
  ];
}

const weekday = new Intl.DateTimeFormat('en-GB', {
  weekday: 'long',
  day: 'numeric',
  month: 'long',
  year: 'numeric',
  timeZone: 'UTC',
});

function dayTitle(unixSeconds: number | undefined, zone: Zone): string {
  return unixSeconds === undefined ? 'At an unknown time' : weekday.format(dateIn(zone, unixSeconds));
}

function latestFirst(a: ShownRestart, b: ShownRestart): number {
  return (restartTime(b) ?? 0) - (restartTime(a) ?? 0) || b.ordinal - a.ordinal;
}
