import { byTime, type Dated } from './retention.ts';

/** What is known of one container of one Pod when its missed restarts are counted. */
export interface ContainerHistory {
  /** The records of its restarts, with those that its status shows now; in any order, none twice. */
  readonly restarts: readonly Dated[];
  /** As its status has it; `undefined` when the Pod is gone. */
  readonly restartCount: number | undefined;
  /**
   * Whether a record of its first restart would still be held: the Pod is younger than the retention, and the
   * container has fewer records than are kept. Where it is not, what lacks at the start may have been swept.
   */
  readonly fromStart: boolean;
}

/**
 * How many restarts of a container have happened that no record tells of, and none will: the gaps in its ordinals, and
 * what its `restartCount` is beyond the newest of them. Never more than can be told: where a kubelet started counting
 * again, what it had forgotten before is not guessed.
 */
export function missedRestarts({ restarts, restartCount, fromStart }: ContainerHistory): number {
  const [first, ...later] = restarts.toSorted(byTime);
  if (first === undefined) return fromStart ? (restartCount ?? 0) : 0;
  let missed = fromStart ? first.ordinal - 1 : 0;
  let newest = first.ordinal;
  for (const { ordinal } of later) {
    missed += Math.max(ordinal - newest - 1, 0);
    newest = ordinal;
  }
  return missed + Math.max((restartCount ?? 0) - newest, 0);
}
