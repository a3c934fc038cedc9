import { parseDuration } from './duration.ts';
import type { LocalZone } from './local-zone.ts';
import { unixSeconds } from './rfc3339.ts';

/** Examples for messages about an invalid time. */
export const timeExamples =
  '2026-11-20, "2026-11-20 08:00", 08:00, today, yesterday, 1.5h, 7d, 1w, 2026-11-20T08:00:00Z';

const dateAndTime = /^([1-9]\d{3})-(\d\d)-(\d\d)(?:[ T]([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?)?$/;
const timeOfDay = /^([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?$/;
const daysBack: Readonly<Record<string, number>> = { today: 0, yesterday: 1 };

/**
 * A time as people write it, in Unix seconds; `undefined` when invalid. Without a zone it is local time.
 *
 * - a date and a time: `2026-11-20 08:00`, `2026-11-20T08:00:30`; RFC 3339 with a zone
 * - a date, `today` or `yesterday`: the midnight that it starts with
 * - a time of today: `08:00`
 * - how long ago: `30m`, `1.5h`, `7d`, `1w`
 */
export function parseTime(text: string, nowSeconds: number, zone: LocalZone): number | undefined {
  const ago = parseDuration(text);
  if (ago !== undefined) return nowSeconds - ago / 1000;
  const { year, month, day } = zone.localTime(nowSeconds);
  const midnight = { hour: 0, minute: 0, second: 0 };
  const back = Object.hasOwn(daysBack, text) ? daysBack[text] : undefined;
  // Not a day's seconds before: a day may have 23 or 25 hours. Day 0 is the last one of the month before.
  if (back !== undefined) return zone.unixSeconds({ year, month, day: day - back, ...midnight });
  const today = timeOfDay.exec(text);
  if (today) {
    const [hour = 0, minute = 0, second = 0] = numbers(today);
    return zone.unixSeconds({ year, month, day, hour, minute, second });
  }
  const local = dateAndTime.exec(text);
  if (local === null) return zonedTime(text);
  const [y = 0, m = 0, d = 0, hour = 0, minute = 0, second = 0] = numbers(local);
  return isDate(y, m, d) ? zone.unixSeconds({ year: y, month: m, day: d, hour, minute, second }) : undefined;
}

/** A range as people write it, in Unix seconds: what of it is invalid is named. */
export type ParsedRange =
  | { readonly since: number | undefined; readonly until: number | undefined; readonly invalid?: never }
  | { readonly invalid: 'since' | 'until' };

/**
 * The range between two times as {@link parseTime} reads them, either of which may be missing. A time of day that starts it is
 * its latest one, and one that ends it the first after the start: `22:00` to `06:00` is last night, or the night that it
 * is.
 */
export function parseTimeRange(
  { since, until }: { readonly since: string | undefined; readonly until: string | undefined },
  nowSeconds: number,
  zone: LocalZone,
): ParsedRange {
  const start = since === undefined ? undefined : parseTime(since, nowSeconds, zone);
  const end = until === undefined ? undefined : parseTime(until, nowSeconds, zone);
  if (since !== undefined && start === undefined) return { invalid: 'since' };
  if (until !== undefined && end === undefined) return { invalid: 'until' };
  const isAhead = since !== undefined && start !== undefined && timeOfDay.test(since) && start > nowSeconds;
  const from = isAhead ? onDay(start, -1, zone) : start;
  const isOfDay =
    until !== undefined && timeOfDay.test(until) && since !== undefined && timeOfDay.test(since);
  if (!isOfDay || from === undefined || end === undefined) return { since: from, until: end };
  const sameDay = isAhead ? onDay(end, -1, zone) : end;
  return { since: from, until: sameDay > from ? sameDay : onDay(sameDay, 1, zone) };
}

/** The same time of day, so many days later. */
function onDay(time: number, days: number, zone: LocalZone): number {
  const local = zone.localTime(time);
  return zone.unixSeconds({ ...local, day: local.day + days });
}

/** The forms that Kubernetes uses for an unknown time are times in user input. */
function zonedTime(text: string): number | undefined {
  const time = unixSeconds(text);
  if (text === '' || Number.isNaN(time)) return undefined;
  return time ?? Date.parse(text) / 1000;
}

function numbers([, ...groups]: RegExpExecArray): readonly number[] {
  return groups.map((group) => Number(group ?? 0));
}

/** `Date` carries an invalid day over to the next month. */
function isDate(year: number, month: number, day: number): boolean {
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}
