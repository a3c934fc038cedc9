import { restartTime, runSeconds } from '../restarts/restart.ts';
import { readableDuration } from './readable-duration.ts';
import { shortImage } from './short-image.ts';
import { groupName, type ShownRestart } from './timeline-data.ts';

/** The head of the table beneath the timeline. Times are in UTC, as the days are. */
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

/** The column that shows the mark of the reason. */
export const reasonColumn = columns.indexOf('Reason');

export interface TableDay {
  /** `Friday 20 November 2026`, or that the time is unknown. */
  readonly title: string;
  /** The latest first. */
  readonly restarts: readonly ShownRestart[];
}

/** The days on which something restarted, the latest first; what has no time comes last. */
export function tableDays(restarts: readonly ShownRestart[]): readonly TableDay[] {
  const days = Map.groupBy(restarts.toSorted(latestFirst), (restart) => dayTitle(restartTime(restart)));
  return [...days].map(([title, ofDay]) => ({ title, restarts: ofDay }));
}

/** The cells of a restart, one for each of the columns; an empty one is unknown. */
export function tableCells(restart: ShownRestart): readonly string[] {
  const { lane, ordinal, reason, exitCode, node, image } = restart;
  const time = restartTime(restart);
  return [
    time === undefined ? '' : utc(time).slice(11, 19),
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

/** `2026-11-20T10:00:02.000Z` */
export function utc(unixSeconds: number): string {
  return new Date(unixSeconds * 1000).toISOString();
}

const weekday = new Intl.DateTimeFormat('en-GB', {
  weekday: 'long',
  day: 'numeric',
  month: 'long',
  year: 'numeric',
  timeZone: 'UTC',
});

function dayTitle(unixSeconds: number | undefined): string {
  return unixSeconds === undefined ? 'At an unknown time' : weekday.format(unixSeconds * 1000);
}

function latestFirst(a: ShownRestart, b: ShownRestart): number {
  return (restartTime(b) ?? 0) - (restartTime(a) ?? 0) || b.ordinal - a.ordinal;
}
