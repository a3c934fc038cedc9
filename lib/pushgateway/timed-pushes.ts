import { isRetryable, LedgerError } from '../errors.ts';
import type { Answer } from './connections.ts';

/** Posts a text to the group of one push. */
export type Post = (exposition: string) => Promise<Answer>;

/** Pushes with the restart's own time where the server stores it, and without where it does not. */
export interface TimedPushes {
  /**
   * Resolves once the server has accepted one of the two texts: the timed one only where that is stored with its times.
   *
   * @param timed The same samples with times; gives `undefined` where there is none to give.
   * @throws what `post` throws.
   */
  push(post: Post, plain: string, timed?: () => string | undefined): Promise<void>;
}

/** Where VictoriaMetrics takes pushes: https://docs.victoriametrics.com/victoriametrics/url-examples/#apiv1importprometheus */
const itsPath = '/api/v1/import/prometheus';

/**
 * VictoriaMetrics stores times, a Pushgateway refuses them, and without its consistency check answers 202 and drops the
 * push. Which one it is, its answers show: the path of the URL is a first guess, the header of VictoriaMetrics' own HTTP
 * server makes a later one, and a guess that the next answer disproves costs a second request and no record.
 *
 * @param basePath The path of the base URL, without a slash at its end.
 */
export function createTimedPushes(basePath: string): TimedPushes {
  const firstGuess = basePath.endsWith(itsPath);
  let takesTimes = firstGuess;
  let hasRefusedTimes = false;

  /** Whoever answers after an outage may be another server. */
  function forgetAfter(failure: unknown): void {
    if (!isRetryable(failure)) return;
    takesTimes = firstGuess;
    hasRefusedTimes = false;
  }

  /** Whether it has stored the text with its times. */
  async function isStored(post: Post, timed: string): Promise<boolean> {
    try {
      return isStoredAt(await post(timed));
    } catch (failure) {
      if (failure instanceof LedgerError && failure.status === 400) return false;
      throw failure;
    }
  }

  return {
    async push(post, plain, timed) {
      const timedText = takesTimes ? timed?.() : undefined;
      try {
        if (timedText !== undefined && (await isStored(post, timedText))) return;
        const answer = await post(plain);
        if (timedText !== undefined) hasRefusedTimes = true;
        takesTimes = !hasRefusedTimes && (takesTimes || isVictoriaMetrics(answer));
      } catch (failure) {
        forgetAfter(failure);
        throw failure;
      }
    },
  };
}

/** A Pushgateway answers 202 where it has not looked at a push yet, and 200 where it has, and found no times in it. */
function isStoredAt({ status }: Answer): boolean {
  return status === 200 || status === 204;
}

/** Its HTTP server names its host in every answer; so does vmauth, in front of any other server. */
function isVictoriaMetrics(answer: Answer): boolean {
  return answer.serverHostname !== '' && isStoredAt(answer);
}
