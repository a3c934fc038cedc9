import { byTime, type Dated } from './retention.ts';

/** The data on one container of one Pod that its missed restarts are counted from. */
export interface ContainerHistory {
  /** The records of its restarts, with those that its status shows now; in any order, none twice. */
  readonly restarts: readonly Dated[];
  /** As its status has it; `undefined` when the Pod no longer exists. */
  readonly restartCount: number | undefined;
  /**
   * Whether a record of its first restart would still be stored: the Pod is younger than the retention, and the
   * container has fewer records than are kept. Otherwise what is missing at the start may have been swept.
   */
  readonly fromStart: boolean;
}

/**
 * How many restarts of a container are unrecoverable: the gaps in its ordinals, and what its `restartCount` is beyond the
 * newest of them. A lower bound: where a kubelet started counting again, what came before is not estimated.
 */
export function missedRestarts({ restarts, restartCount = 0, fromStart }: ContainerHistory): number {
  const [first, ...later] = restarts.filter(({ time }) => time !== undefined).sort(byTime);
  /** A restart of unknown time may be in any gap. */
  const withoutTime = new Set(
    restarts.filter(({ time }) => time === undefined).map(({ ordinal }) => ordinal),
  );
  const newestWithoutTime = Math.max(0, ...withoutTime);

  /** The number of missing ordinals between two. */
  function gap(from: number, to: number): number {
    let missed = 0;
    for (let ordinal = from + 1; ordinal < to; ordinal += 1) missed += withoutTime.has(ordinal) ? 0 : 1;
    return missed;
  }

  const start = fromStart ? 0 : Math.min(first?.ordinal ?? Infinity, ...withoutTime);
  if (start === Infinity) return 0;
  if (first === undefined) return gap(start, Math.max(restartCount, newestWithoutTime) + 1);
  let missed = gap(start, first.ordinal);
  let newest = first.ordinal;
  for (const { ordinal } of later) {
    missed += gap(newest, ordinal);
    newest = ordinal;
  }
  return missed + gap(newest, restartCount + 1);
}
