import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { KubeConfig } from '@kubernetes/client-node';
import { type Environment, processEnvironment } from '../../config.ts';
import { LedgerError, reasonOf } from '../../errors.ts';
import { unusable } from './api-failure.ts';
import { useTokenFiles } from './token-files.ts';

/** What the library falls back to where it finds nothing. */
const fallbackServer = 'http://localhost:8080';

/**
 * The configuration where kubectl finds it: the files of KUBECONFIG, the file in the home directory, else the service
 * account of the Pod. The library takes half a second to load, and is loaded here for the first time.
 *
 * @throws LedgerError `cluster-unconfigured` where there is none; `cluster-unusable` where it cannot be used.
 */
export async function loadKubeConfig(environment: Environment = processEnvironment()): Promise<KubeConfig> {
  const files = kubeConfigFiles(environment);
  const { KubeConfig } = await import('@kubernetes/client-node');
  try {
    const [configuration = serviceAccount(new KubeConfig()), ...others] = files.map((file) => {
      const loaded = new KubeConfig();
      loaded.loadFromFile(file);
      return useTokenFiles(loaded, file);
    });
    for (const other of others) configuration.mergeConfig(other);
    if (configuration.getCurrentCluster() === null)
      throw new Error('it has no current context with a cluster');
    return configuration;
  } catch (error) {
    if (error instanceof LedgerError) throw error;
    throw unusable(`the kubeconfig ${files.join(delimiter)}`, reasonOf(error), error);
  }
}

function kubeConfigFiles(environment: Environment): readonly string[] {
  const named = environment['KUBECONFIG'] ?? '';
  if (named !== '') return named.split(delimiter).filter((file) => file !== '');
  const ofHome = join(environment['HOME'] ?? homedir(), '.kube', 'config');
  return existsSync(ofHome) ? [ofHome] : [];
}

/** That of the Pod that this runs in. */
function serviceAccount(configuration: KubeConfig): KubeConfig {
  configuration.loadFromDefault();
  if (configuration.getCurrentCluster()?.server !== fallbackServer) return configuration;
  throw new LedgerError('cluster-unconfigured', {
    operation: 'looking for',
    subject: 'the API server',
    fact: 'there is neither a kubeconfig nor a service account',
    remedy: 'set KUBECONFIG, or run it in a Pod with a service account token',
  });
}
