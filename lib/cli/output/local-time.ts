import type { LocalZone } from '../../local-zone.ts';

/** A time in local form, `2026-11-20 08:00:30`, without the zone, which is shown once elsewhere; empty when unknown. */
export function localTime(unixSeconds: number | undefined, zone: LocalZone): string {
  if (unixSeconds === undefined) return '';
  const { year, month, day, hour, minute, second } = zone.localTime(unixSeconds);
  const date = [String(year).padStart(4, '0'), twoDigits(month), twoDigits(day)].join('-');
  return `${date} ${[hour, minute, second].map(twoDigits).join(':')}`;
}

export function twoDigits(number: number): string {
  return String(number).padStart(2, '0');
}
