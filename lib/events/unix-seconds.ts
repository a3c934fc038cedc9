const rfc3339 =
  /^(\d{4})-(\d\d)-(\d\d)[Tt]([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(?:\.\d+)?(?:[Zz]|([+-])([01]\d|2[0-3]):([0-5]\d))$/;

/**
 * An RFC 3339 time in whole Unix seconds (fractions are cut), `undefined` when unknown, `NaN` when it is no time.
 *
 * Unknown is written in three ways: the empty text; the year 0001, Go's zero time; and the Unix epoch, which a
 * kubelet reports as `startedAt` of a container that the runtime could not start
 * (https://github.com/kubernetes/kubernetes/issues/120331).
 *
 * Source: https://www.rfc-editor.org/rfc/rfc3339#section-5.6, without the leap second, as Go reads it.
 */
export function unixSeconds(text: string): number | undefined {
  if (text === '') return undefined;
  const match = rfc3339.exec(text);
  if (match === null) return Number.NaN;
  const [, years, months, days, hours, minutes, seconds, sign, offsetHours, offsetMinutes] = match;
  const [year, month, day] = [Number(years), Number(months), Number(days)];
  if (month < 1 || month > 12 || day < 1 || day > daysIn(month, year)) return Number.NaN;
  if (year === 1) return undefined;
  // Date.UTC takes the years below 100 for those of the 20th century; the calendar repeats every 400 years.
  const midnight = Date.UTC(year + 400, month - 1, day) / 1000 - secondsIn400Years;
  const local = midnight + Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  const offset = sign === undefined ? 0 : Number(offsetHours) * 3600 + Number(offsetMinutes) * 60;
  const time = sign === '-' ? local + offset : local - offset;
  return time === 0 ? undefined : time;
}

const secondsIn400Years = 146_097 * 86_400;

function daysIn(month: number, year: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}
