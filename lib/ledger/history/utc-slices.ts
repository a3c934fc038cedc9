/** A week, a day, an hour or a minute in UTC. */
export interface UtcSlice {
  /** How RFC 3339 times within it begin: `2026-11-20T`, `2026-11-20T08:`, `2026-11-20T08:30:`; empty for a week. */
  readonly prefix: string;
  /** Unix seconds. */
  readonly start: number;
  /** Seconds. */
  readonly length: number;
}

const lengths = { week: 604_800, day: 86_400, hour: 3600, minute: 60 } as const;

/** The days that together have all of a range, in Unix seconds with both ends included, in order. */
export function daysOf(since: number, until: number): readonly UtcSlice[] {
  return slices(Math.floor(since / lengths.day) * lengths.day, until, lengths.day);
}

/** As {@link daysOf}, in weeks from the first day on. */
export function weeksOf(since: number, until: number): readonly UtcSlice[] {
  return slices(Math.floor(since / lengths.day) * lengths.day, until, lengths.week);
}

/** The days of a week, the hours of a day, the minutes of an hour; a minute is not divided. */
export function partsOf({ start, length }: UtcSlice): readonly UtcSlice[] {
  const smaller = [lengths.day, lengths.hour, lengths.minute].find((part) => part < length);
  return smaller === undefined ? [] : slices(start, start + length - 1, smaller);
}

const prefixLengths: Readonly<Record<number, number>> = {
  [lengths.day]: '2026-11-20T'.length,
  [lengths.hour]: '2026-11-20T08:'.length,
  [lengths.minute]: '2026-11-20T08:30:'.length,
};

function slices(first: number, last: number, length: number): readonly UtcSlice[] {
  const found: UtcSlice[] = [];
  for (let start = first; start <= last; start += length) {
    const prefix = new Date(start * 1000).toISOString().slice(0, prefixLengths[length] ?? 0);
    found.push({ prefix, start, length });
  }
  return found;
}
