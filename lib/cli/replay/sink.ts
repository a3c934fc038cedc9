import type { Pod } from '../../restarts/pod.ts';
import type { Restart } from '../../restarts/restart.ts';

/** A Pod with the restarts that are wanted of it; at least one. */
export interface Sighting {
  readonly pod: Pod;
  /** The Pod as the API has it. */
  readonly object: object;
  readonly restarts: readonly Restart[];
}

/** Where a replay's restarts go. Several sightings may be taken at a time, in any order. */
export interface Sink {
  /** What the summary calls a record that was taken. */
  readonly taken: string;
  /** @throws LedgerError when it was not taken. */
  take(sighting: Sighting): Promise<void>;
  /** After the last sighting: writes what is written as a whole, and closes what is open. */
  end(): Promise<void>;
}
