import { LedgerError } from './errors.ts';

export interface PatienceOptions {
  /** How long a receiver may be away before it is given up on, in milliseconds. */
  readonly limit: number;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  /** Resolves after so many milliseconds, at once when the work is to end. */
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** Whether the work is to end: then nothing is tried again. */
  readonly isEnding: () => boolean;
  /** Called when the receiver goes away. */
  readonly onAway: (failure: LedgerError) => void;
}

const firstPause = 250;
const longestPause = 10_000;

/**
 * Tries work again while its receiver is away, with pauses that double. The time limit is for one absence, whatever
 * number of calls notices it: the first success ends the absence, and after the limit each call is tried just once.
 *
 * @returns a function that does work with patience; it throws the work's own failure.
 */
export function createPatience({ limit, now, sleep, isEnding, onAway }: PatienceOptions) {
  let awaySince: number | undefined;

  return async function withPatience<T>(work: () => Promise<T>): Promise<T> {
    for (let pause = firstPause; ; pause = Math.min(pause * 2, longestPause)) {
      try {
        const result = await work();
        awaySince = undefined;
        return result;
      } catch (error) {
        if (!(error instanceof LedgerError) || error.kind !== 'gateway-unavailable') throw error;
        if (awaySince === undefined) onAway(error);
        awaySince ??= now();
        const left = awaySince + limit - now();
        if (left <= 0 || isEnding()) throw error;
        await sleep(Math.min(pause, left));
      }
    }
  };
}
