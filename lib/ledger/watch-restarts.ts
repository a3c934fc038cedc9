import { pMapIterable } from 'p-map';
import { LedgerError } from '../errors.ts';
import { readPod } from '../kubernetes/objects/pod.ts';
import { isObject } from '../narrow.ts';
import type { PodObservation } from '../restarts/pod-observation.ts';
import { restartsOf } from '../restarts/restart.ts';
import { byRetention, type Retention } from '../restarts/retention.ts';

export interface WatchDependencies {
  /** Delivers a Pod's restarts to the sink; idempotent. */
  readonly deliver: (observation: PodObservation) => Promise<void>;
  readonly retention: Pick<Retention, 'seconds'>;
  readonly nowSeconds: () => number;
  /** Called with the reason for each Pod that could not be read, or was not accepted. */
  readonly onRefused: (failure: LedgerError) => void;
}

/** Pods that are delivered at a time. While as many are pending, no more are read: back-pressure on the watch. */
const concurrency = 64;

/**
 * The use case of a watch: Pods that show restarts within retention are delivered. Resolves after the last Pod, when all
 * deliveries are done.
 */
export async function watchRestarts(
  pods: AsyncIterable<unknown>,
  { deliver, retention, nowSeconds, onRefused }: WatchDependencies,
): Promise<void> {
  function observe(object: unknown): PodObservation | undefined {
    if (!isObject(object)) return undefined;
    const pod = readPod(object);
    const restarts = byRetention(restartsOf(pod), retention, nowSeconds()).kept;
    return restarts.length === 0 ? undefined : { pod, object, restarts };
  }

  async function take(object: unknown): Promise<void> {
    try {
      const observation = observe(object);
      if (observation !== undefined) await deliver(observation);
    } catch (failure) {
      if (!(failure instanceof LedgerError)) throw failure;
      onRefused(failure);
    }
  }

  for await (const _taken of pMapIterable(pods, take, { concurrency })) {
    // The work is done in `take`.
  }
}
