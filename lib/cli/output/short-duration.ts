const units = [
  ['d', 86_400],
  ['h', 3600],
  ['m', 60],
  ['s', 1],
] as const;

/** From so many hours on a duration is written in days. */
const hoursBeforeDays = 72;

/** Seconds in the two largest units, for a person: `7s`, `2m`, `1m30s`, `26h12m`, `5d3h`. */
export function shortDuration(seconds: number): string {
  const length = Math.abs(Math.round(seconds));
  const first = units.findIndex(
    ([unit, size]) => length >= size && (unit !== 'd' || length >= hoursBeforeDays * 3600),
  );
  const [[unit, size] = ['s', 1] as const, next] = units.slice(first < 0 ? units.length - 1 : first);
  const rest = next === undefined ? 0 : Math.floor((length % size) / next[1]);
  const smaller = next === undefined || rest === 0 ? '' : `${rest}${next[0]}`;
  return `${seconds < 0 && length > 0 ? '-' : ''}${Math.floor(length / size)}${unit}${smaller}`;
}

/** How long ago, in the largest unit: `45s`, `7h`, `3d`. A time ahead is `now`. */
export function age(seconds: number): string {
  if (seconds < 1) return 'now';
  const [unit, size] = units.find(([, length]) => seconds >= length * (length === 1 ? 1 : 2)) ?? ['s', 1];
  return `${Math.floor(seconds / size)}${unit}`;
}
