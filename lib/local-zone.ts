/** A time zone: its calendar and clock at a time, in whole units; the month counts from 1. */
export interface LocalZone {
  /** Unix seconds of a local time: shifted by the gap where the clock skips it, the first where it occurs twice. */
  unixSeconds(time: LocalTime): number;
  localTime(unixSeconds: number): LocalTime;
  /** As the IANA names it: `Europe/Berlin`. */
  name(): string;
}

export interface LocalTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

/** The zone of this machine, or of the variable `TZ`. */
export const localZone: LocalZone = {
  unixSeconds: ({ year, month, day, hour, minute, second }) =>
    new Date(year, month - 1, day, hour, minute, second).getTime() / 1000,
  localTime(unixSeconds) {
    const date = new Date(unixSeconds * 1000);
    return {
      year: date.getFullYear(),
      month: date.getMonth() + 1,
      day: date.getDate(),
      hour: date.getHours(),
      minute: date.getMinutes(),
      second: date.getSeconds(),
    };
  },
  name: () => new Intl.DateTimeFormat().resolvedOptions().timeZone,
};
