import type { KubeConfig } from '@kubernetes/client-node';
import { LedgerError } from '../../errors.ts';

/** What the library falls back to where it finds nothing. */
const fallbackServer = 'http://localhost:8080';

/**
 * The configuration where kubectl finds it: KUBECONFIG, the file in the home directory, else the service account of
 * the Pod. The library takes half a second to load, and is loaded here for the first time.
 *
 * @throws LedgerError `cluster-unconfigured` where there is none.
 */
export async function loadKubeConfig(): Promise<KubeConfig> {
  const { KubeConfig } = await import('@kubernetes/client-node');
  const configuration = new KubeConfig();
  configuration.loadFromDefault();
  if (configuration.getCurrentCluster()?.server === fallbackServer) {
    throw new LedgerError('cluster-unconfigured', {
      operation: 'looking for',
      subject: 'the API server',
      fact: 'there is neither a kubeconfig nor a service account',
      remedy: 'set KUBECONFIG, or run it in a Pod with a service account token',
    });
  }
  return configuration;
}
