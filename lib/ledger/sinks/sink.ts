import type { PodObservation } from '../../restarts/pod-observation.ts';

/** Where restarts go. Several observations may be taken at a time, in any order; taking one again is idempotent. */
export interface Sink {
  /** Where it is, without credentials. */
  readonly url: string;
  /** What a summary calls an observation that was taken. */
  readonly taken: string;
  /** Resolves once the sink has accepted every restart. @throws LedgerError when it has not. */
  take(observation: PodObservation): Promise<void>;
  /** After the last observation: flushes what is written at the end, and closes what is open. */
  close(): Promise<void>;
}
