const rfc3339 = /^(\d{4}-\d\d-\d\d)[Tt](\d\d:\d\d:\d\d)(?:\.\d+)?(?:[Zz]|([+-])([01]\d|2[0-3]):([0-5]\d))$/;

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
  const [, date, time, sign, hours, minutes] = match;
  const local = `${date}T${time}.000Z`;
  const milliseconds = Date.parse(local);
  if (Number.isNaN(milliseconds) || new Date(milliseconds).toISOString() !== local) return Number.NaN;
  const offset = sign === undefined ? 0 : Number(`${sign}1`) * (Number(hours) * 3600 + Number(minutes) * 60);
  const seconds = milliseconds / 1000 - offset;
  return seconds === 0 || local.startsWith('0001-') ? undefined : seconds;
}
