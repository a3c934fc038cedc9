/**
 * Lets requests with large bodies take turns, so that what is parsed of them is not in memory all at once: a value takes
 * several times the memory of its bytes. In the order in which they came, and some turns of the event loop apart: Node accepts
 * one connection in each, so a probe that comes behind many would wait for one body in every turn.
 */
export interface Turns {
  /** Resolves when the bodies in work, this one included, have at most `limit` bytes, or when it is the only one. */
  enter(bytes: number): Promise<void>;
  /** Called once for each `enter`, when its work has ended. */
  leave(bytes: number): void;
}

/** A body that takes longer leaves others more turns: one of 4 MiB as many as 256 connections need to be accepted. */
const bytesPerTurn = 16_384;

/** @param later Calls back in another turn of the event loop. */
export function createTurns(limit: number, later: (callback: () => void) => void): Turns {
  const waiting: { readonly bytes: number; readonly resolve: () => void }[] = [];
  let total = 0;
  let turnsOfOthers = 0;
  let isScheduled = false;

  function schedule(): void {
    if (isScheduled || waiting.length === 0) return;
    isScheduled = true;
    later(admit);
  }

  function admit(): void {
    isScheduled = false;
    if (turnsOfOthers > 0) {
      turnsOfOthers -= 1;
      schedule();
      return;
    }
    const [next] = waiting;
    if (next === undefined || (total > 0 && total + next.bytes > limit)) return;
    waiting.shift();
    total += next.bytes;
    turnsOfOthers = Math.floor(next.bytes / bytesPerTurn);
    next.resolve();
    schedule();
  }

  return {
    enter(bytes) {
      const { promise, resolve } = Promise.withResolvers<void>();
      waiting.push({ bytes, resolve });
      schedule();
      return promise;
    },
    leave(bytes) {
      total -= bytes;
      schedule();
    },
  };
}
