const units = [
  ['d', 86_400],
  ['h', 3600],
  ['m', 60],
  ['s', 1],
] as const;

/** A duration by its two largest units: `45s`, `2m 5s`, `26h` as `1d 2h`; empty when unknown. */
export function readableDuration(seconds: number | undefined): string {
  if (seconds === undefined) return '';
  const sign = seconds < 0 ? '-' : '';
  const length = Math.abs(seconds);
  const largest = units.findIndex(([, unit]) => length >= unit);
  if (largest < 0) return '0s';
  let rest = length;
  const parts = units.slice(largest, largest + 2).map(([name, unit]) => {
    const count = Math.floor(rest / unit);
    rest -= count * unit;
    return count === 0 ? '' : `${count}${name}`;
  });
  return sign + parts.filter((part) => part !== '').join(' ');
}
