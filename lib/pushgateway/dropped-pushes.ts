import type { Answer } from './connections.ts';

/** Recognises by its answer a push that a stopping Pushgateway may have dropped, and repeats it. */
export interface DroppedPushes {
  mayInclude(answer: Answer): boolean;
  /**
   * The answer that counts, of a push that was repeated. Rejects as `again` does: then the push is not acknowledged.
   *
   * @param again Pushes once more, on a connection that is opened now.
   */
  repeat(again: () => Promise<Answer>): Promise<Answer>;
}

/** In milliseconds: a server that stops has closed its listeners by then. */
const closingTime = 500;

/**
 * With `--push.disable-consistency-check` a Pushgateway answers 202 when a push is queued. On SIGTERM it closes its listeners, stores
 * what is queued and ends; what it queues after that, on connections that are still open, it drops. Go's server closes the
 * connection after each answer by then, so such a push is repeated on a new one: that reaches the gateway's successor, or
 * nothing, and is retried. It may still reach the gateway itself, in the moment before the listeners are closed; so it is
 * repeated once more after that moment. A server that even then accepts a connection and closes it closes them all, and says
 * nothing by it.
 *
 * Source: `handler/push.go` and `storage/diskmetricstore.go` of https://github.com/prometheus/pushgateway; `Shutdown` in
 * https://pkg.go.dev/net/http#Server.Shutdown
 */
export function createDroppedPushes(sleep: (milliseconds: number) => Promise<void>): DroppedPushes {
  let closesAlways = false;

  function mayInclude({ status, isLast }: Answer): boolean {
    if (status !== 202) return false;
    if (!isLast) closesAlways = false;
    return isLast && !closesAlways;
  }

  return {
    mayInclude,
    async repeat(again) {
      const second = await again();
      if (!mayInclude(second)) return second;
      await sleep(closingTime);
      const third = await again();
      closesAlways = mayInclude(third);
      return third;
    },
  };
}
