/**
 * Whole seconds in the notation of Go's `time.Duration`: `0s`, `45s`, `2m0s`, `1h2m3s`, `26h0m0s`, `-5s`.
 *
 * Source: https://pkg.go.dev/time#Duration.String
 */
export function goDuration(seconds: number): string {
  const length = Math.abs(seconds);
  const hours = Math.floor(length / 3600);
  const minutes = Math.floor(length / 60) % 60;
  const sign = seconds < 0 ? '-' : '';
  const hoursPart = hours > 0 ? `${hours}h` : '';
  const minutesPart = length >= 60 ? `${minutes}m` : '';
  return `${sign}${hoursPart}${minutesPart}${length % 60}s`;
}

const notation = /^(-?)(?:(\d{1,9})h)?(?:(\d{1,9})m)?(\d{1,9})s$/;

/** The seconds that {@link goDuration} wrote; `undefined` for the empty text, which is unknown, and for anything else. */
export function goDurationSeconds(text: string): number | undefined {
  const parts = notation.exec(text);
  if (parts === null) return undefined;
  const [, sign, hours = '0', minutes = '0', seconds = '0'] = parts;
  const length = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  return sign === '-' ? 0 - length : length;
}
