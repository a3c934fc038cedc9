/** A cost that grows with a count: what it is at none, and what each adds. */
export interface Line {
  readonly fixed: number;
  readonly each: number;
}

/** The line through two measurements, of which the one with the larger count comes last. */
export function lineThrough(
  [count, cost]: readonly [number, number],
  [moreCount, moreCost]: readonly [number, number],
): Line {
  const each = (moreCost - cost) / (moreCount - count);
  return { fixed: cost - each * count, each };
}

export function costAt({ fixed, each }: Line, count: number): number {
  return fixed + each * count;
}
