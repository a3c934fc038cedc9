import { isRetryable, LedgerError } from '../../errors.ts';
import { backOff, type RetryTiming } from '../../retry.ts';
import type { ApiServer } from './api-server.ts';
import { listPods } from './list-pods.ts';
import type { PodScope } from './pods-path.ts';
import { type WatchOptions, watchPods } from './watch-pods.ts';

/**
 * `signal` ends it: no Pod comes after that, and no failure. `idleTimeoutMilliseconds` has to be longer than a minute,
 * the interval at which the server sends bookmarks.
 */
export interface FollowOptions extends RetryTiming, WatchOptions {
  /**
   * Asked after each change, and each bookmark, which comes about every minute: whether to relist, since the consumer may
   * have lost what it had accepted. A `true` is answered by one list.
   */
  readonly needsRelist: () => boolean;
  /** A list of so many Pods has been read, and the watch begins. */
  readonly onListed: (pods: number) => void;
  /** The watch or the list has failed; a list comes next. */
  readonly onOutage: (failure: LedgerError) => void;
}

/** Attempts of one page of a list, before the list starts again. */
const attempts = 5;

/** Attempts of the first list while the API server answers 401 or 403: with their delays some 12 seconds. */
const attemptsToBeAllowed = 6;

/**
 * The Pods of a scope that may show a restart, as the API has them, for ever: first those that exist, then each that
 * changes. After any outage, and where its consumer asks for it, it relists, so that nothing is lost which the cluster
 * still shows.
 *
 * It goes on from its resource version only when the server has ended a watch in good order. Nothing is read
 * ahead of the consumer: a slow one slows the watch down (back-pressure).
 *
 * A just started API server answers 401 and 403 to every client until its informers have synced. So these are retried for
 * a short while before the first list has been read, and are an outage like any other after it, as is a kubeconfig that
 * cannot be used any more: permissions and credentials that have worked may work again.
 *
 * @throws LedgerError `cluster-forbidden`, `cluster-unconfigured` or `cluster-unusable`, before the first list has been read.
 */
export async function* followPods(
  server: ApiServer,
  scope: PodScope,
  options: FollowOptions,
): AsyncGenerator<unknown, void, void> {
  const { signal, sleep, random, needsRelist, onListed, onOutage } = options;
  let resourceVersion = '';
  const { isOutage, hasListed } = createOutageTest();
  for (let delays = backOff(random); !signal.aborted; ) {
    try {
      if (resourceVersion === '') {
        let pods = 0;
        for await (const page of listPods(server, scope, { attempts, sleep, random })) {
          pods = page.isFirst ? page.count : pods + page.count;
          resourceVersion = page.resourceVersion;
          yield* page.restarted;
          if (signal.aborted) return;
        }
        hasListed();
        onListed(pods);
      }
      for await (const change of watchPods(server, scope, resourceVersion, options)) {
        delays = backOff(random);
        if (change.kind === 'pod') yield change.object;
        resourceVersion = change.kind === 'expired' ? '' : change.resourceVersion || resourceVersion;
        if (signal.aborted) return;
        if (needsRelist()) {
          resourceVersion = '';
          break;
        }
      }
    } catch (failure) {
      if (signal.aborted) return;
      if (!isOutage(failure)) throw failure;
      onOutage(failure);
      resourceVersion = '';
    }
    await sleep(delays.next().value);
  }
}

/** Which failures are an outage, given what came before. */
function createOutageTest() {
  let listed = false;
  let refusals = 0;
  return {
    hasListed() {
      listed = true;
    },
    isOutage(failure: unknown): failure is LedgerError {
      if (isRetryable(failure)) return true;
      if (!(failure instanceof LedgerError)) return false;
      switch (failure.kind) {
        case 'cluster-unconfigured':
        case 'cluster-unusable':
          return listed;
        case 'cluster-forbidden':
          refusals += 1;
          return listed || refusals < attemptsToBeAllowed;
        default:
          return false;
      }
    },
  };
}
