const rfc3339 =
  /^\d{4}-\d\d-\d\d[Tt](?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:[Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

/**
 * An RFC 3339 time in whole Unix seconds (fractions are cut), `undefined` when unknown, `NaN` when it is not a time.
 *
 * Unknown is written in three ways: the empty text; the year 0001, Go's zero time; and the Unix epoch, which a
 * kubelet reports as `startedAt` of a container that the runtime could not start
 * (https://github.com/kubernetes/kubernetes/issues/120331).
 *
 * Source: https://www.rfc-editor.org/rfc/rfc3339#section-5.6, without the leap second, as Go reads it.
 */
export function unixSeconds(text: string): number | undefined {
  if (text === '') return undefined;
  if (!rfc3339.test(text)) return Number.NaN;
  const [year, month, day] = [digits(text, 0, 4), digits(text, 5, 7), digits(text, 8, 10)];
  if (month < 1 || month > 12 || day < 1 || day > daysIn(month, year)) return Number.NaN;
  if (year === 1) return undefined;
  // Date.UTC takes the years below 100 for those of the 20th century; the calendar repeats every 400 years.
  const midnight = Date.UTC(year + 400, month - 1, day) / 1000 - secondsIn400Years;
  const time = midnight + secondsOfDay(text, 11) + digits(text, 17, 19) - offset(text);
  return time === 0 ? undefined : time;
}

const secondsIn400Years = 146_097 * 86_400;
const zero = '0'.charCodeAt(0);

/** The number that the digits between two positions write. */
function digits(text: string, from: number, to: number): number {
  let number = 0;
  for (let position = from; position < to; position += 1)
    number = number * 10 + text.charCodeAt(position) - zero;
  return number;
}

/** The seconds of the `hh:mm` at a position. */
function secondsOfDay(text: string, position: number): number {
  return digits(text, position, position + 2) * 3600 + digits(text, position + 3, position + 5) * 60;
}

/** How far the time's clock is ahead of UTC, in seconds. */
function offset(text: string): number {
  const position = text.length - '+hh:mm'.length;
  const sign = text[position];
  if (sign !== '+' && sign !== '-') return 0;
  const seconds = secondsOfDay(text, position + 1);
  return sign === '+' ? seconds : -seconds;
}

function daysIn(month: number, year: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}
