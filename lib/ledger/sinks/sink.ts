import type { PodSighting } from '../../cloudevents/pod-event.ts';

/** Where a replay's restarts go. Several sightings may be taken at a time, in any order. */
export interface Sink {
  /** What the summary calls a record that was taken. */
  readonly taken: string;
  /** @throws LedgerError when it was not taken. */
  take(sighting: PodSighting): Promise<void>;
  /** After the last sighting: writes what is written as a whole, and closes what is open. */
  end(): Promise<void>;
}
