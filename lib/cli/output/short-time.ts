import type { LocalTime, LocalZone } from '../../local-zone.ts';
import { twoDigits } from './local-time.ts';

const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] as const;

/** Within so many seconds a weekday names one day alone. */
const sixDays = 6 * 86_400;

/**
 * Writes times in local form, all of a table in the one that is unambiguous for each of them at `nowSeconds`: `Fri 00:12`,
 * `11-12 00:12`, `2025-11-12 00:12`.
 */
export function shortTimes(
  times: readonly number[],
  nowSeconds: number,
  zone: LocalZone,
): (unixSeconds: number) => string {
  const isRecent = times.every((time) => Math.abs(nowSeconds - time) < sixDays);
  const { year } = zone.localTime(nowSeconds);
  const isThisYear = times.every((time) => zone.localTime(time).year === year);
  return (unixSeconds) => {
    const time = zone.localTime(unixSeconds);
    const clock = `${twoDigits(time.hour)}:${twoDigits(time.minute)}`;
    if (isRecent) return `${weekday(time)} ${clock}`;
    const date = `${twoDigits(time.month)}-${twoDigits(time.day)} ${clock}`;
    return isThisYear ? date : `${time.year}-${date}`;
  };
}

function weekday({ year, month, day }: LocalTime): string {
  return weekdays[new Date(Date.UTC(year, month - 1, day)).getUTCDay()] ?? '';
}

/** Regions in whose English the zones have their usual short names. */
const regions = ['en-GB', 'en-US', 'en-AU', 'en-IN', 'en-ZA'] as const;

/**
 * The zone of these times for a person: its short name where it has one that holds for all of them, as `CET`; else the
 * name of the IANA, as `Europe/Berlin`.
 */
export function zoneLabel(zone: LocalZone, times: readonly number[]): string {
  const timeZone = zone.name();
  const [first, ...others] = new Set(times.map((time) => shortName(timeZone, time)));
  return first === undefined || first === '' || others.length > 0 ? timeZone : first;
}

/** Empty where there is none. */
function shortName(timeZone: string, unixSeconds: number): string {
  for (const region of regions) {
    const parts = new Intl.DateTimeFormat(region, { timeZone, timeZoneName: 'short' }).formatToParts(
      unixSeconds * 1000,
    );
    const name = parts.find(({ type }) => type === 'timeZoneName')?.value ?? '';
    if (name !== '' && !/^(?:GMT|UTC)[+-]/.test(name)) return name;
  }
  return '';
}
