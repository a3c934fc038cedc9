import { isRetryable, LedgerError } from './errors.ts';

/** How retries wait; injected, so that a test needs no time. */
export interface RetryTiming {
  /** Resolves after so many milliseconds, at once when the work is to end. */
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** A number from 0 up to 1, for the jitter. */
  readonly random: () => number;
}

export interface BackOffOptions {
  /** The upper bound of the first delay. Default: 500. */
  readonly firstMilliseconds?: number;
  /** The upper bound of every delay. Default: 30,000. */
  readonly longestMilliseconds?: number;
}

/**
 * The delays of an exponential back-off with jitter: the bound doubles from one to the next up to the longest, and each
 * delay is drawn from the upper half below its bound, so that replicas that fail together do not retry together.
 *
 * Source: "equal jitter" in https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export function* backOff(
  random: RetryTiming['random'],
  { firstMilliseconds = 500, longestMilliseconds = 30_000 }: BackOffOptions = {},
): Generator<number, never, void> {
  for (let bound = firstMilliseconds; ; bound *= 2) {
    const capped = Math.min(bound, longestMilliseconds);
    yield capped / 2 + (random() * capped) / 2;
  }
}

export interface RetryOptions extends RetryTiming, BackOffOptions {
  /** How often the work is attempted before its failure is final. */
  readonly attempts: number;
}

/**
 * Does work, and retries it while its failure is retryable, after as long as the other side asked to wait
 * (`Retry-After`), else by {@link backOff}.
 *
 * @throws the last failure; at once what is not retryable.
 */
export async function retry<T>(work: () => Promise<T>, options: RetryOptions): Promise<T> {
  const { attempts, sleep, random } = options;
  // Nearly all work succeeds at once and needs no delays.
  let delays: ReturnType<typeof backOff> | undefined;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (failure) {
      if (attempt === attempts || !isRetryable(failure)) throw failure;
      delays ??= backOff(random, options);
      await sleep(delayAfter(failure, delays));
    }
  }
}

function delayAfter(failure: unknown, delays: Generator<number, never, void>): number {
  const { value } = delays.next();
  return failure instanceof LedgerError ? (failure.retryAfterMilliseconds ?? value) : value;
}

export interface OutageOptions extends RetryTiming {
  /** How long the receiver may be unavailable before work fails; `Infinity` waits for ever. */
  readonly limitMilliseconds: number;
  /** A monotonic clock. */
  readonly nowMilliseconds: () => number;
  /** Whether the work is to end: then nothing is retried. */
  readonly isEnding: () => boolean;
  /** The receiver has become unavailable; called once for an outage. */
  readonly onUnavailable: (failure: LedgerError) => void;
  /** The receiver is available again, after so many milliseconds. */
  readonly onAvailable: (milliseconds: number) => void;
}

/** Does work, and retries it while its receiver is unavailable. Throws the work's own failure. */
export type RetryThroughOutage = <T>(work: () => Promise<T>) => Promise<T>;

/**
 * Retries through an outage of one receiver. The time limit is for one outage, however many calls it affects: the
 * first success ends the outage, and after the limit each call is attempted once. Calls may overlap.
 */
export function createOutageRetry(options: OutageOptions): RetryThroughOutage {
  const { limitMilliseconds, nowMilliseconds, sleep, random, isEnding, onUnavailable, onAvailable } = options;
  let unavailableSince: number | undefined;

  function succeeded(): void {
    if (unavailableSince === undefined) return;
    onAvailable(nowMilliseconds() - unavailableSince);
    unavailableSince = undefined;
  }

  return async (work) => {
    const delays = backOff(random, { firstMilliseconds: 250, longestMilliseconds: 10_000 });
    for (;;) {
      try {
        const result = await work();
        succeeded();
        return result;
      } catch (failure) {
        if (!isRetryable(failure)) throw failure;
        if (unavailableSince === undefined) onUnavailable(failure);
        unavailableSince ??= nowMilliseconds();
        const left = unavailableSince + limitMilliseconds - nowMilliseconds();
        if (left <= 0 || isEnding()) throw failure;
        await sleep(Math.min(delayAfter(failure, delays), left));
      }
    }
  };
}
