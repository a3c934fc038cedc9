import { LedgerError, reasonOf } from '../errors.ts';
import type { Restart } from '../restarts/restart.ts';
import type { Outage } from './live-data.ts';

/** What a source was last seen to contain. */
export interface Reading {
  readonly restarts: readonly Restart[];
  /** When it was read, in Unix seconds. */
  readonly readAt: number;
  /** Why it cannot be read at present. The restarts are those of the last reading that succeeded, if there was one. */
  readonly outage: Outage | undefined;
}

export interface SharedReadingOptions {
  readonly read: () => Promise<readonly Restart[]>;
  readonly nowSeconds: () => number;
  /** A monotonic clock. */
  readonly nowMilliseconds: () => number;
  /** Called with each failure to read, and after a success. */
  readonly onRead?: (failure: LedgerError | undefined) => void;
}

/** The least time between two readings, in milliseconds. */
export const leastInterval = 2000;

/** What part of the time a slow source may be kept busy. */
const busyPart = 1 / 10;

/**
 * Reads a source for everyone who asks, when somebody asks: never twice at a time, at most every two seconds, and a slow one
 * for a tenth of the time at most, however many ask.
 */
export function shareReading({
  read,
  nowSeconds,
  nowMilliseconds,
  onRead = () => {},
}: SharedReadingOptions): () => Promise<Reading> {
  let reading: Reading = { restarts: [], readAt: nowSeconds(), outage: undefined };
  let running: Promise<Reading> | undefined;
  let next = Number.NEGATIVE_INFINITY;

  async function refresh(): Promise<Reading> {
    const start = nowMilliseconds();
    try {
      reading = { restarts: await read(), readAt: nowSeconds(), outage: undefined };
      onRead(undefined);
    } catch (error) {
      const failure = knownFailure(error);
      const { since } = reading.outage ?? { since: nowSeconds() };
      reading = { ...reading, outage: { message: failure.message, since } };
      onRead(failure);
    }
    const end = nowMilliseconds();
    next = end + Math.max(leastInterval, (end - start) / busyPart);
    running = undefined;
    return reading;
  }

  return async () => {
    if (running === undefined && nowMilliseconds() >= next) running = refresh();
    return await (running ?? reading);
  };
}

function knownFailure(error: unknown): LedgerError {
  if (error instanceof LedgerError) return error;
  const parts = {
    operation: 'reading',
    subject: 'the restarts',
    fact: reasonOf(error),
    remedy: 'see the log',
  };
  return new LedgerError('gateway-unavailable', parts, { cause: error });
}
