import { setImmediate } from 'node:timers/promises';
import { KubeConfig } from '@kubernetes/client-node';
import { type ApiServer, createApiServer } from '../../lib/kubernetes/api/api-server.ts';
import { loadKubeConfig } from '../../lib/kubernetes/api/kube-config.ts';
import type { PodScope } from '../../lib/kubernetes/api/pods-path.ts';
import type { ApiServerDouble } from './api-server.ts';

/** All Pods. */
export const everywhere: PodScope = { namespace: undefined, selector: '' };

/** The product's view of an API server by a kubeconfig file. */
export function serverOf(kubeconfig: string): ApiServer {
  return createApiServer({
    loadKubeConfig: () => loadKubeConfig({ KUBECONFIG: kubeconfig }),
    timeoutMilliseconds: 5000,
  });
}

/** The product's view of a double; `tokenFile` is where its credentials are. */
export function clientOf(double: ApiServerDouble, tokenFile?: string): ApiServer {
  return createApiServer({
    loadKubeConfig: async () => {
      const configuration = new KubeConfig();
      configuration.loadFromFile(double.kubeconfig(tokenFile));
      return configuration;
    },
    timeoutMilliseconds: 5000,
  });
}

/** Records the requested pauses, and does not wait. */
export function countedPauses() {
  const pauses: number[] = [];
  const sleep = async (milliseconds: number) => {
    pauses.push(milliseconds);
    await setImmediate();
  };
  return { pauses, sleep };
}
