import type { Bounds } from './phases.ts';
import type { PathScore, PhaseScore } from './scoring/score-phase.ts';

/** All that one run has measured. */
export interface Recall {
  /** Its processors, memory, Node and Kubernetes. */
  readonly machine: string;
  readonly phases: readonly PhaseResult[];
}

/** What one phase has measured. */
export interface PhaseResult extends PhaseScore {
  readonly title: string;
  readonly seconds: number;
  readonly bounds: Bounds;
  /** The load average of five minutes as the scenarios ended. */
  readonly load: number;
  readonly paths: readonly PathResult[];
}

export interface PathResult extends PathScore {
  /** How often the watch has ended by itself. */
  readonly watchEnded: number;
}
