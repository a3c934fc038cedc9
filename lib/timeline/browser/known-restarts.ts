import type { Lane, ShownRestart } from '../timeline-data.ts';

/**
 * Gives what has not changed between two readings as the same objects, so that a choice and the rows of the table
 * outlive an update.
 */
export function createKnownRestarts(): (restarts: readonly ShownRestart[]) => readonly ShownRestart[] {
  const lanes = new Map<string, Lane>();
  let known = new Map<string, ShownRestart>();

  function laneOf(lane: Lane): Lane {
    const key = JSON.stringify(lane);
    const before = lanes.get(key) ?? lane;
    lanes.set(key, before);
    return before;
  }

  return (restarts) => {
    const next = new Map<string, ShownRestart>();
    for (const restart of restarts) {
      const key = JSON.stringify(restart);
      next.set(key, known.get(key) ?? { ...restart, lane: laneOf(restart.lane) });
    }
    known = next;
    return [...next.values()];
  };
}
