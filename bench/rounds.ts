/** How long to measure, and how often. */
export interface Effort {
  readonly rounds: number;
  /** Of one measurement. */
  readonly seconds: number;
  /** Of starts of a process. */
  readonly starts: number;
  /** Events for the memory row. */
  readonly events: number;
  /** The most groups that a gateway is filled with. */
  readonly groups: number;
  /** Pods of a reconcile, and records of a sweep. */
  readonly stored: number;
  /** Of these two, whose peers take long. */
  readonly longRounds: number;
}

export const full: Effort = {
  rounds: 5,
  seconds: 5,
  starts: 15,
  events: 200_000,
  groups: 50_000,
  stored: 20_000,
  longRounds: 3,
};
export const quick: Effort = {
  rounds: 2,
  seconds: 1,
  starts: 3,
  events: 20_000,
  groups: 3_000,
  stored: 2_000,
  longRounds: 1,
};

/**
 * Measures several things in interleaved rounds, so that other load of the machine affects all of them.
 *
 * @returns the median of each.
 */
export async function medians<Name extends string>(
  rounds: number,
  measurements: Readonly<Record<Name, () => Promise<number>>>,
): Promise<(name: Name) => number> {
  const values = new Map<Name, number[]>();
  for (let round = 0; round < rounds; round += 1) {
    for (const name in measurements) {
      values.set(name, [...(values.get(name) ?? []), await measurements[name]()]);
    }
  }
  return (name) => median(values.get(name) ?? []);
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
