import type { PathAccount, PhaseAccount } from './account/account-of-phase.ts';
import type { Bounds } from './phases.ts';

/** All that one run has measured. */
export interface Recall {
  /** Its processors, memory, Node and Kubernetes. */
  readonly machine: string;
  readonly phases: readonly PhaseResult[];
}

/** What one phase has measured. */
export interface PhaseResult extends PhaseAccount {
  readonly title: string;
  readonly seconds: number;
  readonly bounds: Bounds;
  /** The load average of five minutes as the stories ended. */
  readonly load: number;
  readonly paths: readonly PathResult[];
}

export interface PathResult extends PathAccount {
  /** How often the watch has ended by itself. */
  readonly watchEnded: number;
}
