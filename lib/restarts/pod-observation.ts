import type { Pod } from './pod.ts';
import type { Restart } from './restart.ts';

/** One Pod as it was observed once, and the restarts that its status shows. */
export interface PodObservation {
  readonly pod: Pod;
  /** The Pod as the API has it; its kind may be missing, as in the items of a list. */
  readonly object: object;
  /** At least one. */
  readonly restarts: readonly Restart[];
}
