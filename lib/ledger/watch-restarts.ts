import { pMapIterable } from 'p-map';
import type { PodSighting } from '../cloudevents/pod-event.ts';
import { LedgerError } from '../errors.ts';
import { readPod } from '../kubernetes/objects/pod.ts';
import { isObject } from '../narrow.ts';
import { restartsOf, restartTime } from '../restarts/restart.ts';

export interface WatchDependencies {
  /** Takes a Pod's restarts to where they are kept; called again with the same ones is harmless. */
  readonly deliver: (sighting: PodSighting) => Promise<void>;
  /** Whether a restart of this time is within retention. */
  readonly isKept: (time: number | undefined) => boolean;
  /** A Pod that is none, or that was not taken for good. */
  readonly onRefused: (failure: LedgerError) => void;
}

/** Pods that are delivered at a time. When as many wait, no more are read: what feeds them slows down. */
const concurrency = 64;

/**
 * The use case of a watch: of the Pods that come, those that show restarts are delivered. Ends when the Pods end, after
 * what was under way.
 */
export async function watchRestarts(
  pods: AsyncIterable<unknown>,
  { deliver, isKept, onRefused }: WatchDependencies,
): Promise<void> {
  async function take(object: unknown): Promise<void> {
    try {
      const sighting = sightingIn(object, isKept);
      if (sighting !== undefined) await deliver(sighting);
    } catch (failure) {
      if (!(failure instanceof LedgerError)) throw failure;
      onRefused(failure);
    }
  }

  for await (const _taken of pMapIterable(pods, take, { concurrency })) {
    // Each one has been dealt with when it comes.
  }
}

function sightingIn(object: unknown, isKept: WatchDependencies['isKept']): PodSighting | undefined {
  if (!isObject(object)) return undefined;
  const pod = readPod(object);
  const restarts = restartsOf(pod).filter((restart) => isKept(restartTime(restart)));
  return restarts.length === 0 ? undefined : { pod, object, restarts };
}
