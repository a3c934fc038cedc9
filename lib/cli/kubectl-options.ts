import type { Environment, Flag } from '../config.ts';
import type { LoadKubeConfig } from '../kubernetes/api/cluster.ts';
import { loadKubeConfig } from '../kubernetes/api/kube-config.ts';

/** The options by which kubectl names a cluster and the Pods of it, wherever a cluster is read. */
export interface KubectlOptions {
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly namespace?: readonly string[];
  /** All namespaces, whatever `namespace` and the environment say, as for kubectl. */
  readonly allNamespaces?: boolean;
  readonly selector?: string;
}

/** What the options mean for the configuration and for the access to the cluster. */
export interface ClusterAccess {
  readonly environment: Environment;
  readonly flags: readonly Flag[];
  readonly loadKubeConfig: LoadKubeConfig;
}

export function clusterAccess(
  { kubeconfig, context, namespace, allNamespaces = false, selector }: KubectlOptions,
  environment: Environment,
): ClusterAccess {
  const namespaces = allNamespaces ? undefined : namespace?.join(',');
  const access = kubeconfig === undefined ? environment : { ...environment, KUBECONFIG: kubeconfig };
  return {
    environment: allNamespaces ? { ...environment, NAMESPACES: undefined } : environment,
    flags: [
      { name: '--namespace', variable: 'NAMESPACES', value: namespaces },
      { name: '--selector', variable: 'POD_SELECTOR', value: selector },
    ],
    loadKubeConfig: () => loadKubeConfig(access, context),
  };
}
