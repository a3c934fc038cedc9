import { setTimeout as delay } from 'node:timers/promises';
import type { Config } from '../../config.ts';
import type { RetryOptions } from '../../retry.ts';
import { type ApiServerOptions, createApiServer } from './api-server.ts';
import { getPod } from './get-pod.ts';
import { loadKubeConfig } from './kube-config.ts';
import { listPods, type PodPage } from './list-pods.ts';
import { podScopes } from './pods-path.ts';

/** Reads a kubeconfig; called again when its credentials are no longer accepted. */
export type LoadKubeConfig = ApiServerOptions['loadKubeConfig'];

/** The Pods of the configured namespaces, as the API server has them. Needs `get` and `list` on `pods`. */
export interface Cluster {
  /** One list for each namespace, or one for all; each page is read on demand. Throws like `listPods`. */
  podLists(): readonly AsyncIterable<PodPage>[];
  /** `undefined` when there is none. Throws like `getPod`. */
  pod(namespace: string, name: string): Promise<unknown>;
}

/** Attempts of one read: with their delays at most 15 seconds. */
const attempts = 6;

/**
 * Opens nothing yet: the first read loads the client library and the credentials.
 *
 * @param load Reads the kubeconfig; by default where kubectl finds it.
 */
export function openCluster(
  { namespaces, podSelector, timeoutMilliseconds }: Config['cluster'],
  load: LoadKubeConfig = () => loadKubeConfig(),
): Cluster {
  const server = createApiServer({ loadKubeConfig: load, timeoutMilliseconds });
  const retries: RetryOptions = {
    attempts,
    sleep: (milliseconds) => delay(milliseconds),
    random: Math.random,
  };
  return {
    podLists: () => podScopes(namespaces, podSelector).map((scope) => listPods(server, scope, retries)),
    pod: (namespace, name) => getPod(server, namespace, name),
  };
}
