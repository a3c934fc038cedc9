import { setTimeout as delay } from 'node:timers/promises';
import type { Config } from '../../config.ts';
import { createApiServer } from './api-server.ts';
import { readPodObject } from './get-pod.ts';
import { loadKubeConfig } from './kube-config.ts';
import { listPods, type PodPage } from './list-pods.ts';
import type { PersistenceOptions } from './persistence.ts';
import { podScopes } from './pods-path.ts';

/** The Pods of the configured namespaces, as the API server has them. Needs `get` and `list` on `pods`. */
export interface Cluster {
  /** One list for each namespace, or one for all; each is read while it is gone through. Throws like `listPods`. */
  podLists(): readonly AsyncIterable<PodPage>[];
  /** `undefined` when there is none. Throws like `readPodObject`. */
  pod(namespace: string, name: string): Promise<unknown>;
}

/** Tries of one read: with their pauses about 15 seconds. */
const attempts = 6;

/** Opens nothing yet: the first read loads the client library and the credentials. */
export function openCluster({ namespaces, podSelector, timeoutMilliseconds }: Config['cluster']): Cluster {
  const server = createApiServer({ loadKubeConfig, timeoutMilliseconds });
  const persistence: PersistenceOptions = { attempts, sleep: (milliseconds) => delay(milliseconds) };
  return {
    podLists: () => podScopes(namespaces, podSelector).map((scope) => listPods(server, scope, persistence)),
    pod: (namespace, name) => readPodObject(server, namespace, name),
  };
}
