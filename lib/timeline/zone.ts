/** A time zone that the page shows times in. */
export interface Zone {
  /** As the IANA names it: `Europe/Berlin`. */
  readonly name: string;
  /** What is added to UTC at a time, in seconds. */
  offset(unixSeconds: number): number;
}

/** The zone of what a page shows without JavaScript: whoever reads it may be anywhere. */
export const utcZone: Zone = { name: 'UTC', offset: () => 0 };

/** A date whose UTC fields are those of the zone. */
export function dateIn(zone: Zone, unixSeconds: number): Date {
  return new Date((unixSeconds + zone.offset(unixSeconds)) * 1000);
}

/** `2026-11-20 10:00:02`, by the clock of the zone. */
export function timeIn(zone: Zone, unixSeconds: number): string {
  return dateIn(zone, unixSeconds).toISOString().slice(0, 19).replace('T', ' ');
}
