import { LedgerError } from '../../errors.ts';
import type { ApiServer } from './api-server.ts';
import { listPods } from './list-pods.ts';
import type { PodScope } from './pods-path.ts';
import { watchPods } from './watch-pods.ts';

export interface FollowOptions {
  /** Ends it: nothing more is told, and no failure. */
  readonly signal: AbortSignal;
  /** Resolves after so many milliseconds, at once when the signal comes. */
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** The longest time without a byte from the server, which sends a bookmark about every minute. */
  readonly silenceMilliseconds: number;
  /** A list has been gone through, and the watch begins. */
  readonly onListed: () => void;
  /** The watch or the list has failed; a list comes next. */
  readonly onOutage: (failure: LedgerError) => void;
}

/** Tries of one page of a list, before the list starts again. */
const attempts = 5;
const firstPause = 500;
const longestPause = 30_000;

/**
 * The Pods of a scope that may show a restart, as the API has them, for ever: first those that there are, then each that
 * changes. After any outage all that there are come again, so that nothing is lost which the cluster still shows.
 *
 * It goes on from where it stopped only when the server has ended a watch in good order. Nothing is read ahead of
 * whoever asks: a slow one slows the watch down.
 *
 * @throws LedgerError `cluster-forbidden`: that will not mend itself.
 */
export async function* followPods(
  server: ApiServer,
  scope: PodScope,
  options: FollowOptions,
): AsyncGenerator<unknown, void, void> {
  const { signal, sleep, silenceMilliseconds, onListed, onOutage } = options;
  let place = '';
  for (let pause = firstPause; !signal.aborted; ) {
    try {
      if (place === '') {
        for await (const page of listPods(server, scope, { attempts, sleep })) {
          place = page.resourceVersion;
          yield* page.restarted;
          if (signal.aborted) return;
        }
        onListed();
      }
      for await (const change of watchPods(server, scope, place, { signal, silenceMilliseconds })) {
        pause = firstPause;
        if (change.kind === 'pod') yield change.object;
        place = change.kind === 'expired' ? '' : change.place || place;
        if (signal.aborted) return;
      }
    } catch (failure) {
      if (signal.aborted) return;
      if (!(failure instanceof LedgerError) || failure.kind !== 'cluster-unavailable') throw failure;
      onOutage(failure);
      place = '';
    }
    await sleep(pause);
    pause = Math.min(pause * 2, longestPause);
  }
}
