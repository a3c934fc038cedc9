import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import type { LedgerError } from '../../lib/errors.ts';
import type { ApiServer } from '../../lib/kubernetes/api/api-server.ts';
import { type FollowOptions, followPods } from '../../lib/kubernetes/api/follow-pods.ts';
import type { PodScope } from '../../lib/kubernetes/api/pods-path.ts';
import { eventually } from './eventually.ts';
import { podWithOrdinal } from './real-pods.ts';

/** Pods that are being followed; its lists grow. */
export interface FollowedPods {
  /** Each observed Pod, as `name ordinal`. */
  readonly pods: readonly string[];
  /** How many Pods each list held. */
  readonly lists: readonly number[];
  readonly outages: readonly LedgerError[];
  /** Resolves when a Pod has been observed as `name ordinal`; rejects when the watch fails before. */
  sees(pod: string): Promise<void>;
  /** Resolves when it is disposed of, and rejects when it fails. */
  readonly ended: Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Follows the Pods of a scope in real time until it is disposed of. */
export function followRealPods(
  server: ApiServer,
  scope: PodScope,
  options: Partial<FollowOptions> = {},
): FollowedPods {
  const pods: string[] = [];
  const lists: number[] = [];
  const outages: LedgerError[] = [];
  const ending = new AbortController();
  const { signal } = ending;
  const ended = (async () => {
    const followed = followPods(server, scope, {
      signal,
      sleep: (milliseconds) => delay(milliseconds, undefined, { signal }).catch(() => {}),
      random: Math.random,
      idleTimeoutMilliseconds: 60_000,
      needsRelist: () => false,
      onListed: (count) => lists.push(count),
      onOutage: (failure) => outages.push(failure),
      ...options,
    });
    for await (const pod of followed) pods.push(podWithOrdinal(pod));
  })();
  // Whoever waits for `ended` gets the failure.
  ended.catch(() => {});
  return {
    pods,
    lists,
    outages,
    async sees(pod) {
      const seen = eventually(() => assert.ok(pods.includes(pod), pod), { within: 60_000 });
      await Promise.race([seen, ended]);
      await seen;
    },
    ended,
    async [Symbol.asyncDispose]() {
      ending.abort();
      await Promise.allSettled([ended]);
    },
  };
}
