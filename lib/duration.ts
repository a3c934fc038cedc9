const millisecondsOf: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** `500ms`, `5s`, `2m`, `1.5h`, `7d`, `1w` in milliseconds; `undefined` when it is not a duration. */
export function parseDuration(text: string): number | undefined {
  const [, count, unit = ''] = /^(\d{1,9}(?:\.\d{1,3})?)(ms|s|m|h|d|w)$/.exec(text) ?? [];
  const milliseconds = millisecondsOf[unit];
  return count === undefined || milliseconds === undefined ? undefined : Number(count) * milliseconds;
}
