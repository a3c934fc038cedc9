import type { ErrorKind } from '../errors.ts';

/**
 * What a process counts of its own work. Records never depend on it, and nothing here throws. Where no endpoint serves
 * the counts, nothing is counted.
 */

/** The outcome of an event: acknowledged in one of five ways, or the kind of error that it was refused with. */
export type EventOutcome =
  | 'recorded'
  | 'nothing-to-record'
  | 'ignored'
  | 'maintained'
  | 'kept'
  | 'failed'
  | ErrorKind;

export interface EventMetrics {
  /** @param seconds From the arrival of the event to its answer. */
  eventHandled(outcome: EventOutcome, seconds: number): void;
  /** How many requests have arrived whole and have not been answered, after each change. */
  inFlight(requests: number): void;
}

export type PushResult = 'accepted' | 'refused' | 'unavailable';

export interface PushMetrics {
  /**
   * Called once for each push.
   *
   * @param seconds From the start of the push to the end of its answer.
   */
  pushFinished(result: PushResult, seconds: number): void;
}

/** What `/metrics` answers. */
export interface ExposedMetrics {
  /** In the Prometheus text format. */
  exposition(): Promise<string>;
  readonly contentType: string;
}
