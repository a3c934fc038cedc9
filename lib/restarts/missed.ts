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
export function missedRestarts({ restarts, restartCount = 0, fromStart }: ContainerHistory): number {
  const [first, ...later] = restarts.filter(({ time }) => time !== undefined).sort(byTime);
  /** A restart of which nobody knows the time may stand in any gap. */
  const timeless = new Set(restarts.filter(({ time }) => time === undefined).map(({ ordinal }) => ordinal));
  const newestTimeless = Math.max(0, ...timeless);

  /** The ordinals between two, without both, that nothing tells of. */
  function gap(from: number, to: number): number {
    let missed = 0;
    for (let ordinal = from + 1; ordinal < to; ordinal += 1) missed += timeless.has(ordinal) ? 0 : 1;
    return missed;
  }

  const start = fromStart ? 0 : Math.min(first?.ordinal ?? Infinity, ...timeless);
  if (start === Infinity) return 0;
  if (first === undefined) return gap(start, Math.max(restartCount, newestTimeless) + 1);
  let missed = gap(start, first.ordinal);
  let newest = first.ordinal;
  for (const { ordinal } of later) {
    missed += gap(newest, ordinal);
    newest = ordinal;
  }
  return missed + gap(newest, restartCount + 1);
}
