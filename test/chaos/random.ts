/** Numbers that follow from a seed. */
export interface Random {
  /** A whole number from 0 to below `count`. */
  below(count: number): number;
  /** Whether something happens that has this probability. */
  happens(probability: number): boolean;
  /** @param choices At least one. */
  pick<T>(choices: readonly [T, ...T[]]): T;
}

/** Source of the generator: mulberry32, https://github.com/cprosche/mulberry32 */
export function createRandom(seed: number): Random {
  let state = seed | 0;

  function next(): number {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  const below = (count: number) => Math.floor(next() * count);
  return {
    below,
    happens: (probability) => next() < probability,
    pick: ([first, ...others]) => [first, ...others][below(others.length + 1)] ?? first,
  };
}
